"""How well a half of a leg is encrypted, by the inventory's own word."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Strength(Enum):
    """What the inventory says of one half of a leg, weakest first; nothing of it is proven on the wire."""

    CLEAR = "clear"
    UNKNOWN = "unknown"
    WAIVED = "waived"  # it may be in clear, and somebody answers for that until a day
    NOT_ENFORCEABLE = "not enforceable"  # the product has no setting for it
    ENCRYPTED = "encrypted"


_ORDER = {strength: place for place, strength in enumerate(Strength)}


def weakest(strengths: Iterable[Strength]) -> Strength:
    """The weakest of them; ValueError where there is none, for of nothing nothing is known."""
    return min(strengths, key=_ORDER.__getitem__)


def weaker_first(strength: Strength) -> int:
    """A number to sort by."""
    return _ORDER[strength]
