"""Extensions and ring groups that are alike, so that a call to any of them takes the same ways. Pure, and linear."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from confgen.model.dialling import ToContext, ToExtension, ToOutside, ToRingGroup
from confgen.model.inventory import MediaEncryption
from confgen.model.patterns import is_matched
from confgen.paths import legs
from confgen.paths.numbers import best

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Mapping
    from datetime import date

    from confgen.model.dialling import Destination
    from confgen.model.finding import Place
    from confgen.model.inventory import Extension, Pbx
    from confgen.paths.leg import Leg

_WHEN = {
    "always": "always",
    "busy": "when busy",
    "no_answer": "when nobody answers",
    "unavailable": "when no phone is there",
}
_MOST = 3  # numbers that are named
_Stop = ToExtension | ToRingGroup
_Onward = tuple[tuple[str, "Destination", "Place"], ...]  # when, where to, and the line


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Phones:
    """Extensions of one PBX whose phones are served alike."""

    numbers: Mapping[str, Extension]
    leg: Leg


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Onward:
    """Where calls go on: one destination of those that are alike, and every number of this PBX that they lead to."""

    when: str  # in words
    is_always: bool
    destination: Destination
    place: Place
    numbers: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Called:
    """Extensions of one PBX that are called alike: their phones, and where they forward to."""

    phones: Phones
    onward: tuple[Onward, ...]
    numbers: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ringing:
    """Ring groups of one PBX that are alike."""

    rings: tuple[Phones, ...]
    onward: tuple[Onward, ...]
    members: dict[str, None] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    numbers: dict[str, None] = field(default_factory=dict)


class Alike:
    """The classes of one PBX; what a number or a name belongs to is looked up."""

    def __init__(self, pbx: Pbx, today: date) -> None:
        self._pbx = pbx
        self._extensions = {extension.number: extension for extension in pbx.extensions}
        self._groups = {group.name: group for group in pbx.ring_groups}
        self._phones_of: dict[str, Phones] = {}
        self.phones = tuple(self._phones(today))
        self.called_of: dict[str, Called] = {}
        self.ringing_of: dict[str, Ringing] = {}
        self._called: dict[Hashable, Called] = {}
        self._ringing: dict[Hashable, Ringing] = {}
        for phones in self.phones:
            self._join_quiet(phones)
        for number in self._extensions:
            if number not in self.called_of:
                self._settle(ToExtension(extension=number))
        for name in self._groups:
            self._settle(ToRingGroup(ring_group=name))
        self.called = tuple(self._called.values())
        self.ringing = tuple(self._ringing.values())

    def _phones(self, today: date) -> Iterator[Phones]:
        kept = frozenset(() if self._pbx.migration is None else self._pbx.migration.extensions)
        found: dict[tuple[MediaEncryption, bool], dict[str, Extension]] = {}
        for number, extension in self._extensions.items():
            found.setdefault((extension.media_encryption, number in kept), {})[number] = extension
        for (encryption, is_kept), numbers in found.items():
            leg = legs.phones(self._pbx, named(numbers), encryption, is_kept=is_kept, today=today)
            phones = Phones(numbers=numbers, leg=leg)
            self._phones_of.update(dict.fromkeys(numbers, phones))
            yield phones

    def _join_quiet(self, phones: Phones) -> None:
        """Those that forward to nowhere, most of all, without a look at each."""
        numbers = {number: None for number, extension in phones.numbers.items() if extension.forwards is None}
        if numbers:
            called = Called(phones=phones, onward=(), numbers=numbers)
            self._called[id(phones), ()] = called
            self.called_of.update(dict.fromkeys(numbers, called))

    def _mark(self, stop: _Stop) -> int | None:
        """That of its class; 0 of what is not there, None of what is not settled yet."""
        alike: Called | Ringing | None
        if isinstance(stop, ToExtension):
            is_there, alike = stop.extension in self._extensions, self.called_of.get(stop.extension)
        else:
            is_there, alike = stop.ring_group in self._groups, self.ringing_of.get(stop.ring_group)
        if not is_there:
            return 0
        return None if alike is None else id(alike)

    def _settle(self, start: _Stop) -> None:
        """Find the class of a stop once those of all that it leads to are found; what closes a circle leads nowhere."""
        waiting, begun = [start], set[_Stop]()
        while waiting:
            stop = waiting[-1]
            ahead = () if stop in begun or self._mark(stop) is not None else self._ahead(stop, begun)
            begun.add(stop)
            waiting += ahead
            if not ahead:
                waiting.pop()
                if self._mark(stop) is None:
                    self._join(stop)

    def _ahead(self, stop: _Stop, begun: set[_Stop]) -> tuple[_Stop, ...]:
        """Where calls go on to and what is not settled yet."""
        return tuple(
            to
            for _, to, _ in self._onward(stop)
            if isinstance(to, ToExtension | ToRingGroup) and to not in begun and self._mark(to) is None
        )

    def _onward(self, stop: _Stop) -> Iterator[tuple[str, Destination, Place]]:
        """Where calls go on from a stop, if it is there."""
        if isinstance(stop, ToRingGroup):
            group = self._groups.get(stop.ring_group)
            if group is not None and group.otherwise is not None:
                yield "otherwise", group.otherwise, group.place
            return
        extension = self._extensions.get(stop.extension)
        if extension is not None and extension.forwards is not None:
            for when in _WHEN:
                to = getattr(extension.forwards, when)
                if to is not None:
                    yield when, to, extension.place

    def _join(self, stop: _Stop) -> None:
        """Put a stop into its class, which may be a new one."""
        onward = tuple(self._onward(stop))
        leads = tuple((when, self._lead(to)) for when, to, _ in onward)
        alike = self._joined(stop, leads, onward)
        for each, (_, to, _) in zip(alike.onward, onward, strict=True):
            each.numbers.update(self.numbers_of(to))

    def _joined(self, stop: _Stop, leads: Hashable, onward: _Onward) -> Called | Ringing:
        match stop:
            case ToExtension(extension=number):
                phones = self._phones_of[number]
                called = self._called.setdefault((id(phones), leads), Called(phones=phones, onward=_onwards(onward)))
                called.numbers[number] = None
                self.called_of[number] = called
                return called
            case ToRingGroup(ring_group=name):
                group = self._groups[name]
                rings = tuple(dict.fromkeys(self._phones_of[one] for one in group.members if one in self._phones_of))
                key = (tuple(map(id, rings)), leads)
                ringing = self._ringing.setdefault(key, Ringing(rings=rings, onward=_onwards(onward)))
                ringing.members.update(dict.fromkeys(group.members))
                ringing.names[name] = None
                ringing.numbers[group.number] = None
                self.ringing_of[name] = ringing
                return ringing

    def _lead(self, to: Destination) -> Hashable:
        """What is the same for destinations that lead to the same."""
        match to:
            case ToExtension() | ToRingGroup():
                mark = self._mark(to)
                return to if mark is None else mark  # what closes a circle is not settled yet
            case ToContext(context=context):
                return "context", context
            case ToOutside(number=number):
                return "outside", self.outside(number)

    def outside(self, number: str) -> Hashable:
        """What is the same for numbers outside that a route leads to the same end, and for those that are blocked."""
        if any(is_matched(number, pattern) for pattern in self._pbx.blocked):
            return "blocked"
        route = best(self._pbx.routes, number)
        peers = {trunk.name for trunk in self._pbx.trunks}
        is_led_on = route is not None and getattr(route.way, "trunk", None) in peers
        return (None if route is None else route.numbers, number if is_led_on else None)

    def numbers_of(self, to: Destination) -> Collection[str]:
        """The numbers of this PBX that a destination is."""
        match to:
            case ToExtension(extension=number):
                return (number,)
            case ToRingGroup(ring_group=name) if name in self._groups:
                return (self._groups[name].number,)
            case _:
                return ()


def _onwards(onward: _Onward) -> tuple[Onward, ...]:
    return tuple(
        Onward(when=_WHEN.get(when, when), is_always=when == "always", destination=to, place=place)
        for when, to, place in onward
    )


def named(numbers: Collection[str]) -> str:
    """`101, 102, 103 and 7 more`."""
    told = ", ".join(islice(numbers, _MOST))
    return told if len(numbers) <= _MOST else f"{told} and {len(numbers) - _MOST} more"
