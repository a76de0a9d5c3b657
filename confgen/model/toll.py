"""Which numbers may leave a PBX at its cost: those of countries that are allowed, and none at a premium. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from confgen.model.dialling import ByChannel, ByTrunk, Emergency
from confgen.model.numbering_plans import ROWS
from confgen.model.patterns import is_matched, signs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from confgen.model.dialling import Dialling, Route
    from confgen.model.inventory import Pbx

_LONGEST_CODE = 3  # ITU-T E.164
_NORTH_AMERICA = "1"
# Areas of the North American plan that are countries of their own and are called like the next town; of them fraud
# lives (https://www.nanpa.com). The territories of the United States are not among them.
_OTHER_COUNTRIES = (
    *("242", "246", "264", "268", "284", "345", "441", "473", "649", "658", "664", "721", "758", "767", "784", "809"),
    *("829", "849", "868", "869", "876"),
)
# `*31` hides a number; behind more digits a whole number could hide, and nobody could tell where it leads.
_CODES_OF_PROVIDERS = {"*X": True, "*XX": True, "*XXX": True, "*XXX.": False}
_OF_NOBODY_KNOWS = ("00", "011")  # what leads abroad where it is not known in which country the PBX is


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberingPlan:
    """How numbers are dialled in a country."""

    trunk: str  # before numbers of the country itself
    abroad: tuple[str, ...]
    premium: tuple[str, ...]  # what numbers at a premium begin with, behind the country code


@lru_cache(maxsize=1)
def numbering_plans() -> Mapping[str, NumberingPlan]:
    """By country code (ITU-T E.164)."""
    rows = ROWS.replace(",\n", ",").split("\n")
    return {country: _plan(*rest) for country, *rest in map(str.split, filter(None, rows))}


def _plan(trunk: str, abroad: str, premium: str) -> NumberingPlan:
    first, second = (() if words == "-" else tuple(words.split(",")) for words in (abroad, premium))
    return NumberingPlan(trunk="" if trunk == "-" else trunk, abroad=first, premium=second)


def country_of(digits: str) -> str | None:
    """The country code that digits begin with; None where there is none, or they are too few to tell."""
    plans = numbering_plans()
    return next((digits[:length] for length in range(1, _LONGEST_CODE + 1) if digits[:length] in plans), None)


def ways_abroad(dialling: Dialling) -> tuple[str, ...]:
    """What numbers of other countries begin with, the `+` aside."""
    plan = numbering_plans().get(dialling.country or "")
    known = _OF_NOBODY_KNOWS if plan is None else plan.abroad
    return tuple(dict.fromkeys((*known, *filter(None, (dialling.abroad,)))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a route makes of a number: `strip` signs are taken off its front, then `prepend` is put there."""

    strip: int
    prepend: str
    start: str  # what all that it sends begins with
    is_bare: bool  # a country code stands at the front, without `+` and without a prefix

    def number(self, dialled: str) -> str:
        """What is sent of a dialled number, with a `+` where a country code stands at its front."""
        return ("+" if self.is_bare else "") + self.prepend + dialled[self.strip :]

    @property
    def country(self) -> str | None:
        """The country that the route itself names; None where what is dialled decides."""
        start = ("+" if self.is_bare else "") + self.start
        return country_of(start[1:]) if start.startswith("+") else None


def sent_by(route: Route, dialling: Dialling) -> Sent:
    """What a route sends. A mark before the number stays only where nothing is taken off and nothing put before it."""
    signs = signs_of(route.numbers)
    mark = 1 if route.numbers.startswith(("+", "*")) else 0
    keeps_mark = mark and not route.strip and not route.prepend
    strip = 0 if keeps_mark else max(route.strip, mark)
    taken, left = signs[:strip], signs[strip:]
    bare = not route.prepend and _leads_abroad("".join(taken), dialling)
    bare = bare or (route.prepend != "" and route.prepend == dialling.country)
    start = route.prepend + "".join(takewhile(lambda sign: sign in "0123456789+*", left))
    return Sent(strip=strip, prepend=route.prepend, start=start, is_bare=bare)


def _leads_abroad(taken: str, dialling: Dialling) -> bool:
    return taken == "+" or taken.endswith(ways_abroad(dialling))


def outward_routes(pbx: Pbx) -> Sequence[Route]:
    """The routes by which a number leaves for a provider or a line of the PBX's own; to peers nothing is paid."""
    providers = {trunk.name for trunk in pbx.provider_trunks}
    return [
        route
        for route in pbx.routes
        if isinstance(route.way, ByChannel) or (isinstance(route.way, ByTrunk) and route.way.trunk in providers)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Patterns of numbers as they are sent, and whether they may be; the one with the most digits in front counts."""

    patterns: Mapping[str, bool]

    def allows(self, number: str) -> bool:
        """Whether a number may be sent."""
        if number in self.patterns:
            return self.patterns[number]
        for length in range(len(number) - 1, 0, -1):
            for pattern in (f"{number[:length]}.", number[:length] + "X" * (len(number) - length)):
                if pattern in self.patterns:
                    return self.patterns[pattern]
        return number.isdecimal()


def guard_of(pbx: Pbx) -> Guard:
    """What may leave this PBX. Who calls an emergency number is never refused."""
    dialling, found = pbx.dialling, {"X": True, "X.": True, "+.": False, **_CODES_OF_PROVIDERS}
    abroad = ways_abroad(dialling)
    found |= {f"{way}.": False for way in abroad}
    for start in _countries(pbx):
        _allow(found, start, ("+", *abroad))
    found |= dict.fromkeys(_refused(dialling, _countries(pbx)), False)
    for start in dialling.countries:
        if start not in numbering_plans():  # an area that is named itself
            _allow(found, start, ("+", *abroad))
            if start[0] == dialling.country == _NORTH_AMERICA:
                found |= {f"{start}.": True, _in_ten_digits(start[1:]): True}
    emergency = pbx.emergency.numbers if isinstance(pbx.emergency, Emergency) else ()
    found |= {f"{mark}{number}": True for number in emergency for mark in ("", "+")}
    return Guard(patterns=dict(sorted(found.items())))


def _countries(pbx: Pbx) -> tuple[str, ...]:
    """The countries that may be called: the PBX's own, those that are listed, and those that a route itself names."""
    named = (sent_by(route, pbx.dialling).country for route in outward_routes(pbx))
    return tuple(dict.fromkeys(filter(None, (pbx.dialling.country, *pbx.dialling.countries, *named))))


def _allow(found: dict[str, bool], start: str, marks: Sequence[str]) -> None:
    for mark in marks:
        if f"{mark}{start}" not in marks:  # what itself leads abroad stays refused: 001 is one way, and 00 with a 1
            found[f"{mark}{start}."] = True


def _refused(dialling: Dialling, countries: Sequence[str]) -> Iterator[str]:
    """What is not allowed of countries that are."""
    marks = ("+", *ways_abroad(dialling))
    for country in countries:
        plan = numbering_plans().get(country)
        starts = () if plan is None or dialling.allows_premium else plan.premium
        if country == _NORTH_AMERICA:
            starts = (*starts, *_OTHER_COUNTRIES)
        yield from (f"{mark}{country}{start}." for mark in marks for start in starts)
        if country == dialling.country and plan is not None:
            yield from (f"{plan.trunk}{start}." for start in starts)
            if country == _NORTH_AMERICA:
                yield from map(_in_ten_digits, starts)


def _in_ten_digits(area: str) -> str:
    """A number of the North American plan as it is dialled without the 1."""
    return f"{area:X<10}"


def judge_of_numbers(pbx: Pbx) -> Callable[[str], bool | None]:
    """Tells of a number that is dialled whether it may leave by a route that takes it; None where none does."""
    guard = guard_of(pbx)
    routes = [(route.numbers, sent_by(route, pbx.dialling)) for route in outward_routes(pbx)]

    @cache
    def may_leave(number: str) -> bool | None:
        sent = [sent.number(number) for pattern, sent in routes if is_matched(number, pattern)]
        return any(map(guard.allows, sent)) if sent else None

    return may_leave
