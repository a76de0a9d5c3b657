"""How many phones a change would cut off and why, for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from confgen.model.plan import Plan

_PLURAL = {"registers": "register", "is": "are", "has": "have", "was": "were"}


def cut_off_words(planned: Plan) -> tuple[str, ...]:
    """`2 of 3 phones register over UDP`, the most frequent reason first."""
    reasons = Counter(cut.reason for cut in planned.cut_off)
    return tuple(_words(number, planned.registered, reason) for reason, number in reasons.most_common())


def _words(number: int, registered: int, reason: str) -> str:
    verb, _, rest = reason.partition(" ")
    phones = "phone" if registered == 1 else "phones"
    return f"{number} of {registered} {phones} {verb if number == 1 else _PLURAL.get(verb, verb)} {rest}"
