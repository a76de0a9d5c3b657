"""Which numbers may leave a PBX at its cost: those of countries that are allowed, and none at a premium. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from confgen.model.countries import (
    NORTH_AMERICA,
    OTHER_COUNTRIES_OF_NORTH_AMERICA,
    emergency_numbers,
    numbering_plans,
)
from confgen.model.dialling import ByChannel, ByTrunk, Emergency
from confgen.model.patterns import is_matched
from confgen.model.provider import form_of
from confgen.model.readings import SHORTEST_NUMBER, Judged, all_ways_abroad, prefixes_of_lines, readings, sent_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from confgen.model.countries import Beginning
    from confgen.model.dialling import Dialling, NumberForm, Route
    from confgen.model.inventory import Pbx
    from confgen.model.readings import Reading, Sent

# `*31` hides a number; behind more digits a whole number could hide, and nobody could tell where it leads.
_CODES_OF_PROVIDERS = {"*X": True, "*XX": True, "*XXX": True, "*XXX.": False}


def outward_routes(pbx: Pbx) -> Sequence[Route]:
    """The routes by which a number leaves for a provider or a line of the PBX's own; to peers nothing is paid."""
    providers = {trunk.name for trunk in pbx.provider_trunks}
    return [
        route
        for route in pbx.routes
        if isinstance(route.way, ByChannel) or (isinstance(route.way, ByTrunk) and route.way.trunk in providers)
    ]


def form_of_numbers(route: Route, pbx: Pbx) -> NumberForm | None:
    """What is taken where a route leads; None where nobody says."""
    if isinstance(route.way, ByChannel):
        return route.way.channel.number_form
    name = getattr(route.way, "trunk", None)
    return next((form_of(trunk.provider) for trunk in pbx.provider_trunks if trunk.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Patterns of numbers as they are sent, and whether they may be; the one with the most digits in front counts.

    A pattern is digits, perhaps behind a mark, then any number of X, then perhaps `.`: of two that take a number,
    Asterisk prefers the one with more digits, and of these the one with more X.
    """

    patterns: Mapping[str, bool]
    routes: Mapping[Route, tuple[Sent, tuple[Reading, ...]]] = field(default_factory=dict, repr=False)
    _by_digits: Mapping[str, list[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_digits: dict[str, list[str]] = {}
        for pattern in sorted(self.patterns, key=lambda pattern: -pattern.count("X")):
            by_digits.setdefault(pattern.removesuffix(".").rstrip("X"), []).append(pattern)
        object.__setattr__(self, "_by_digits", by_digits)

    def lets(self, route: Route, dialled: str) -> bool:
        """Whether a number may leave by an outward route, however it is read where it arrives."""
        sent, ways_to_read = self.routes[route]
        number = sent.number(dialled)
        read = ((reading, reading.of(number)) for reading in ways_to_read)
        return all((reading.can_be_empty and not text) or self._allows_read(reading, text) for reading, text in read)

    def allows(self, number: str) -> bool:
        """Whether a number may be dialled in the country."""
        for length in range(len(number), -1, -1):
            for pattern in self._by_digits.get(number[:length], ()):
                if _takes(pattern, number, length):
                    return self.patterns[pattern]
        return False

    def _allows_read(self, reading: Reading, number: str) -> bool:
        if reading.judged is Judged.DIALLED:
            return self.allows(number)
        if reading.judged is Judged.E164 and number.startswith("0") and len(number) > 1:
            return self.allows(number) and self._allows_read(reading, number[1:])
        is_whole = len(number) >= SHORTEST_NUMBER and not number.startswith("0")
        return self.allows(f"+{number}" if is_whole else number)


def _takes(pattern: str, number: str, length: int) -> bool:
    least = len(pattern)
    rest = number[length:]
    if not (rest == "" or rest.isdecimal()):
        return False
    return len(number) >= least if pattern.endswith(".") else len(number) == least


def guard_of(pbx: Pbx) -> Guard:
    """What may leave this PBX. Who calls an emergency number is never refused."""
    dialling, found = pbx.dialling, {"X": True, "X.": True, "+.": False, **_CODES_OF_PROVIDERS}
    ways = all_ways_abroad(dialling)
    found |= {f"{way}.": False for way in ways}
    countries = _countries(pbx)
    for start in countries:
        _allow(found, start, countries, ("+", *ways))
    found |= dict.fromkeys(_refused(dialling, countries), False)
    for start in dialling.countries:
        if start not in numbering_plans():  # an area that is named itself
            _allow(found, start, countries, ("+", *ways))
            if start[0] == dialling.country == NORTH_AMERICA:
                area = next((one for one in OTHER_COUNTRIES_OF_NORTH_AMERICA if one.digits == start[1:]), None)
                found |= {f"{trunk}{start[1:]}.": True for trunk in ("0", "1")}
                found |= {} if area is None else {_whole(area): True}
    routes = outward_routes(pbx)
    found |= dict.fromkeys(_for_help(pbx, routes, Guard(patterns=found)), True)
    for_help = _numbers_for_help(pbx)
    return Guard(
        patterns=dict(sorted(found.items())),
        routes={
            route: (sent_by(route, dialling), readings(route, form_of_numbers(route, pbx), dialling, for_help))
            for route in routes
        },
    )


def _countries(pbx: Pbx) -> tuple[str, ...]:
    """The countries that may be called: the PBX's own, those that are listed, and those that a route itself names."""
    named = (sent_by(route, pbx.dialling).country for route in outward_routes(pbx))
    return tuple(dict.fromkeys(filter(None, (pbx.dialling.country, *pbx.dialling.countries, *named))))


def _allow(found: dict[str, bool], start: str, countries: Sequence[str], marks: Sequence[str]) -> None:
    """Allow numbers of a country in every way to dial them, but where the digits could lead to another country."""
    for mark in marks:
        digits = f"{mark}{start}"
        others = [way for way in marks if way != mark and way.startswith(mark) and digits.startswith(way)]
        if all(way != digits and f"{digits}.".startswith(tuple(f"{way}{one}" for one in countries)) for way in others):
            found[f"{digits}."] = True


def _refused(dialling: Dialling, countries: Sequence[str]) -> Iterator[str]:
    """What is not allowed of countries that are."""
    marks = ("+", *all_ways_abroad(dialling))
    for country in countries:
        plan = numbering_plans().get(country)
        if plan is None:
            continue
        starts: tuple[Beginning, ...] = () if dialling.allows_premium else plan.premium
        if country == NORTH_AMERICA:
            starts = (*starts, *OTHER_COUNTRIES_OF_NORTH_AMERICA)
            fronts = [f"{mark}{country}" for mark in marks if f"{mark}{country}" not in marks]
            yield from (f"{front}{trunk}." for front in fronts for trunk in plan.trunks)  # no area begins so
        for start in starts:
            # The trunk prefix has no place behind a country code; many networks take it off.
            inserted = () if country == NORTH_AMERICA else plan.trunks
            fronts = [f"{mark}{country}{trunk}" for mark in marks for trunk in ("", *inserted)]
            fronts += plan.trunks if country == dialling.country else ()
            yield from (front + (_whole(start) if start.is_shared else f"{start.digits}.") for front in fronts)
            if country == dialling.country:
                yield _whole(start) if plan.trunks or start.is_shared else f"{start.digits}."
        if country == dialling.country:
            yield from plan.carriers


def _whole(start: Beginning) -> str:
    """Numbers without a prefix, and not shorter than they are: what begins so and is shorter is one of the town's.

    Networks end a number where it is whole, whatever is dialled behind it.
    """
    return f"{start.digits:X<{start.fewest - 1}}."


def _for_help(pbx: Pbx, routes: Iterable[Route], guard: Guard) -> Iterator[str]:
    """Emergency numbers that a guard would refuse, also behind what a route puts before them, and those declared."""
    yield from (f"{mark}{number}" for number in _declared(pbx) for mark in ("", "+"))
    known = {*_declared(pbx), *emergency_numbers(pbx.dialling.country)}
    put = {"", *(front for route in routes for front in prefixes_of_lines(route, pbx.dialling))}
    put |= {front.lstrip("0") for front in put}
    fronts = {*put, *(f"+{front}" for front in put if not front.startswith(("+", "*")))}
    for number in (f"{front}{known_number}" for front in fronts for known_number in known):
        if not guard.allows(number.replace("X", "0")):
            yield number


def _declared(pbx: Pbx) -> tuple[str, ...]:
    return pbx.emergency.numbers if isinstance(pbx.emergency, Emergency) else ()


def _numbers_for_help(pbx: Pbx) -> frozenset[str]:
    """Those declared and those of the country; where it is not known, those of another one are anybody's here."""
    own = emergency_numbers(pbx.dialling.country) if pbx.dialling.country else ()
    return frozenset((*_declared(pbx), *own))


def judge_of_numbers(pbx: Pbx) -> Callable[[str], bool | None]:
    """Tells of a number that is dialled whether it may leave by a route that takes it; None where none does."""
    guard, routes = guard_of(pbx), outward_routes(pbx)

    @cache
    def may_leave(number: str) -> bool | None:
        taking = [route for route in routes if is_matched(number, route.numbers)]
        return any(guard.lets(route, number) for route in taking) if taking else None

    return may_leave
