"""What counts as proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.check import Check, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection

NO_PROOF = frozenset({Verdict.FAILED, Verdict.UNKNOWN})


def is_proof(checks: Collection[Check]) -> bool:
    """Something passed, and nothing else but what cannot be asked yet."""
    verdicts = {check.verdict for check in checks}
    return Verdict.PASSED in verdicts and not verdicts & NO_PROOF


def proven_words(checks: Collection[Check]) -> str:
    """`proven`, and what is not: what of the user's own nobody has looked at, what is wrong and waived."""
    told = ["proven"]
    for verdict in (Verdict.WAIVED, Verdict.NOT_CHECKED):
        left_out = sorted({check.subject for check in checks if check.verdict is verdict})
        if left_out:
            told.append(f"{verdict.value}: {', '.join(left_out)}")
    return "; ".join(told)
