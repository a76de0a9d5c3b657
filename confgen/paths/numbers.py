"""Numbers as a PBX sends them on: what a route makes of those that it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from confgen.model.patterns import backward_set, is_matched, signs_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confgen.model.dialling import Route

_ANY = "."  # one digit or more
_REST = "!"  # any number of digits, none too: what is left of `.` behind digits that were taken off
_FORMS = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", "+": r"\+", "*": r"\*", _ANY: "[0-9]+", _REST: "[0-9]*"}
_MARKS = frozenset("+*")
_LAST = 256  # behind whatever names its signs


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers of one form, sign by sign."""

    signs: tuple[str, ...]
    without: frozenset[str] = frozenset()  # those that never get there

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, str) or number in self.without:
            return False
        return _expression(self.signs).fullmatch(number) is not None

    def __str__(self) -> str:
        return "".join(self.signs)


def one(number: str) -> Numbers:
    """A number alone."""
    return Numbers(tuple(number))


def sent(route: Route, taken: Iterable[str] = ()) -> Numbers:
    """What goes out where a phone has dialled any number of a route, but for those that are `taken` before it."""
    numbers = _sent(route, signs_of(route.numbers))
    return Numbers(numbers, frozenset(taken) if numbers == signs_of(route.numbers) else frozenset())


def sent_for(route: Route, dialled: str) -> Numbers:
    """What goes out where a phone has dialled this number."""
    return Numbers(_sent(route, tuple(dialled)))


def _sent(route: Route, signs: tuple[str, ...]) -> tuple[str, ...]:
    is_marked = bool(signs) and signs[0] in _MARKS
    off = max(route.strip, 1) if is_marked and route.prepend else route.strip
    left = (_REST,) if signs and signs[-1] == _ANY and off >= len(signs) else signs[off:]
    return (*route.prepend, *left)


def best(routes: Iterable[Route], number: str) -> Route | None:
    """The route that Asterisk takes for a number: the one that names it most closely, sign by sign from the front."""
    taking = [route for route in routes if is_matched(number, route.numbers)]
    return min(taking, key=lambda route: _closeness(route.numbers), default=None)


def _closeness(pattern: str) -> tuple[tuple[int, str], ...]:
    """Smaller where a pattern leaves fewer signs open; a number by itself comes before every pattern."""
    if pattern.removeprefix("+").isdigit():
        return ()
    members = (("", _LAST) if sign == _ANY else (_members(sign), 0) for sign in signs_of(pattern))
    return tuple((last or len(digits), digits) for digits, last in members)


@lru_cache
def _members(sign: str) -> str:
    form = re.compile(_FORMS.get(sign, re.escape(sign) if len(sign) == 1 else sign))
    return "".join(digit for digit in "0123456789+*" if form.fullmatch(digit))


@lru_cache(maxsize=4096)
def _expression(signs: tuple[str, ...]) -> re.Pattern[str]:
    text = "".join(_FORMS.get(sign, sign) for sign in signs)
    return re.compile(r"(?!)" if backward_set(text) is not None else text)  # a set that runs backwards takes nothing
