"""How far a proof goes: which levels are asked for, and whether what takes longer is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confgen.model.check import Level

if TYPE_CHECKING:
    from confgen.model.inventory import Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """What the operator asks for; a level that the inventory declares away stays away whatever is asked."""

    levels: frozenset[Level] = frozenset(Level)
    is_long: bool = False  # also what takes longer: RTCP, which comes after five seconds

    def narrowed(self, verification: Verification) -> Verification:
        """What is left of what the inventory asks for."""
        return replace(
            verification,
            levels=verification.levels & self.levels,
            is_long=verification.is_long or self.is_long,
        )


def level_words(levels: frozenset[Level]) -> str:
    """`tls, clear`, weakest claim first."""
    return ", ".join(level.value for level in Level if level in levels)
