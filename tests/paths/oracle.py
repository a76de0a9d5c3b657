"""A walker that calls every number from every phone one by one, as the dialplan does; slow, and plain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from confgen.model.dialling import (
    ByChannel,
    Destination,
    Emergency,
    Route,
    ToContext,
    ToExtension,
    ToOutside,
    ToRingGroup,
    Way,
)
from confgen.model.inventory import Extension, Pbx
from confgen.model.toll import guard_of, outward_routes

Hops = tuple[tuple[str, ...], ...]  # each a leg: its kind, and what tells it from others
_SIGNS = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", ".": "[0-9]+"}
_WIDTHS = {"X": 10, "Z": 9, "N": 8, ".": 1000}


@dataclass(frozen=True)
class Walker:
    """The PBXs by name; calls that go on more than five times end."""

    pbxs: dict[str, Pbx]

    def from_phone(self, pbx: Pbx, caller: Extension, number: str) -> set[Hops]:
        """The legs of every call that can come of dialling a number."""
        return {(self._phone(pbx, caller), *rest) for rest in self._dialled(pbx, number)}

    def from_outside(self, pbx: Pbx, trunk: str) -> set[Hops]:
        """The legs of every call that comes in by a provider's trunk."""
        (found,) = (each for each in pbx.provider_trunks if each.name == trunk)
        ends = (rest for did in found.dids for rest in self._to(pbx, did.destination, 0))
        return {(("beyond", found.provider.name), ("provider", trunk), *rest) for rest in ends}

    def _dialled(self, pbx: Pbx, number: str) -> Iterator[Hops]:
        if isinstance(pbx.emergency, Emergency) and number in pbx.emergency.numbers:
            yield from self._for_help(pbx, number, ())
        elif any(_takes(pattern, number) for pattern in pbx.blocked):
            return
        elif self._is_inside(pbx, number):
            yield from self._inside(pbx, number, 0)
        else:
            yield from self._routed(pbx, number, 0)

    def _is_inside(self, pbx: Pbx, number: str) -> bool:
        return number in {
            *(each.number for each in pbx.extensions),
            *(group.number for group in pbx.ring_groups),
            pbx.echo_number,
        }

    def _inside(self, pbx: Pbx, number: str, sent_on: int) -> Iterator[Hops]:
        if number == pbx.echo_number:
            yield ()
        for extension in pbx.extensions:
            if extension.number == number:
                yield from self._called(pbx, extension, sent_on)
        for group in pbx.ring_groups:
            if group.number == number:
                for member in pbx.extensions:
                    if member.number in group.members:
                        yield (self._phone(pbx, member),)
                if group.otherwise is not None:
                    yield from self._to(pbx, group.otherwise, sent_on + 1)

    def _called(self, pbx: Pbx, extension: Extension, sent_on: int) -> Iterator[Hops]:
        forwards = extension.forwards
        if forwards is None or forwards.always is None:
            yield (self._phone(pbx, extension),)
        if forwards is not None:
            some = (forwards.busy, forwards.no_answer, forwards.unavailable)
            for to in some if forwards.always is None else (forwards.always,):
                if to is not None:
                    yield from self._to(pbx, to, sent_on + 1)

    def _to(self, pbx: Pbx, to: Destination, sent_on: int) -> Iterator[Hops]:
        assert sent_on <= 5
        match to:
            case ToExtension(extension=number):
                yield from self._inside(pbx, number, sent_on)
            case ToRingGroup(ring_group=name):
                (group,) = (group for group in pbx.ring_groups if group.name == name)
                yield from self._inside(pbx, group.number, sent_on)
            case ToContext(context=context):
                yield (("unseen", pbx.name, context),)
            case ToOutside(number=number):
                if not any(_takes(pattern, number) for pattern in pbx.blocked):
                    yield from self._routed(pbx, number, sent_on)

    def _routed(self, pbx: Pbx, number: str, sent_on: int) -> Iterator[Hops]:
        routes = [route for route in pbx.routes if _takes(route.numbers, number)]
        if routes:
            route = min(routes, key=_closeness)
            if isinstance(route.way, ToContext):
                yield (("unseen", pbx.name, route.way.context),)
            elif not self._is_refused(pbx, route, number):
                yield from self._out(pbx, route.way, route.prepend + number[route.strip :], sent_on)

    def _is_refused(self, pbx: Pbx, route: Route, number: str) -> bool:
        """Whether it would be paid for abroad, which what it costs is judged by elsewhere."""
        return route in outward_routes(pbx) and not guard_of(pbx).lets(route, number)

    def _out(self, pbx: Pbx, way: Way, number: str, sent_on: int) -> Iterator[Hops]:
        if isinstance(way, ByChannel):
            yield (("line", pbx.name, way.channel.name),)
            return
        for provider in pbx.provider_trunks:
            if provider.name == way.trunk:
                yield ("provider", way.trunk), ("beyond", provider.provider.name)
        for trunk in pbx.trunks:
            if trunk.name == way.trunk:
                peer = self.pbxs[trunk.peer]
                is_for_help = isinstance(peer.emergency, Emergency) and number in peer.emergency.numbers
                ends = self._for_help(peer, number, ()) if is_for_help else self._inside(peer, number, sent_on)
                yield from ((("peer", trunk.name), *rest) for rest in ends)

    def _for_help(self, pbx: Pbx, number: str, been: Sequence[str]) -> Iterator[Hops]:
        if not isinstance(pbx.emergency, Emergency) or pbx.name in been:
            return
        for way in pbx.emergency.ways:
            peers = {trunk.name: trunk.peer for trunk in pbx.trunks}
            if isinstance(way.way, ByChannel) or way.way.trunk not in peers:
                yield from self._out(pbx, way.way, number, 0)
            else:
                peer = self.pbxs[peers[way.way.trunk]]
                if isinstance(peer.emergency, Emergency) and number in peer.emergency.numbers:
                    rest = self._for_help(peer, number, (*been, pbx.name))
                    yield from ((("peer", way.way.trunk), *each) for each in rest)
                else:
                    yield from ((("peer", way.way.trunk), *each) for each in self._inside(peer, number, 0))

    def _phone(self, pbx: Pbx, extension: Extension) -> tuple[str, ...]:
        is_kept = pbx.migration is not None and extension.number in pbx.migration.extensions
        return ("phones", pbx.name, extension.media_encryption.value, "kept" if is_kept else "moved")


def _takes(pattern: str, number: str) -> bool:
    return re.fullmatch("".join(_SIGNS.get(sign, sign) for sign in pattern), number) is not None


def _closeness(route: Route) -> list[int]:
    return [_WIDTHS.get(sign, 1) for sign in route.numbers]
