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
    """`proven`, and what of the user's own nobody has looked at: that is not proven."""
    left_out = sorted({check.subject for check in checks if check.verdict is Verdict.NOT_CHECKED})
    return f"proven; not checked: {', '.join(left_out)}" if left_out else "proven"
