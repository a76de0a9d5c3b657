"""What counts as proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.check import Check, Level, Verdict
from confgen.model.depth import level_words

if TYPE_CHECKING:
    from collections.abc import Collection

NO_PROOF = frozenset({Verdict.FAILED, Verdict.UNKNOWN})


def is_proof(checks: Collection[Check]) -> bool:
    """Something passed, and nothing else but what cannot be asked yet."""
    verdicts = {check.verdict for check in checks}
    return Verdict.PASSED in verdicts and not verdicts & NO_PROOF


def proven_words(checks: Collection[Check], left_out: frozenset[Level] = frozenset()) -> str:
    """`proven`, and what is not: what of the user's own nobody has looked at, what is wrong and waived.

    Where the operator left levels out, it says which are proven: `proven: tls, clear; not asked for: downgrade`.
    """
    told = ["proven"]
    if left_out:
        levels = frozenset(check.level for check in checks if check.verdict is Verdict.PASSED)
        told = [f"proven: {level_words(levels)}", f"not asked for: {level_words(left_out)}"]
    for verdict in (Verdict.WAIVED, Verdict.NOT_CHECKED):
        subjects = sorted({check.subject for check in checks if check.verdict is verdict})
        if subjects:
            told.append(f"{verdict.value}: {', '.join(subjects)}")
    return "; ".join(told)
