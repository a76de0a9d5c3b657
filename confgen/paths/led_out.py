"""Which route takes a number that leaves a PBX, and whether it may leave at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.patterns import is_matched
from confgen.model.toll import guard_of
from confgen.paths.numbers import best

if TYPE_CHECKING:
    from confgen.model.dialling import Route
    from confgen.model.inventory import Pbx


class LedOut:
    """The routes of one PBX, with what it refuses: blocked numbers, and those that it would pay for abroad."""

    def __init__(self, pbx: Pbx) -> None:
        self._pbx = pbx
        self._guard = guard_of(pbx)

    def is_blocked(self, number: str) -> bool:
        """Whether no phone may dial it."""
        return any(is_matched(number, pattern) for pattern in self._pbx.blocked)

    def route(self, number: str) -> Route | None:
        """The route by which a number leaves; None where none takes it, or it is refused."""
        if self.is_blocked(number):
            return None
        route = best(self._pbx.routes, number)
        if route is None or route not in self._guard.routes:
            return route
        return route if self._guard.lets(route, number) else None
