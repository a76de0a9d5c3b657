"""How a call goes on from where it is: every step that the inventory allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import ByTrunk, Emergency, ToContext, ToExtension, ToOutside, ToRingGroup
from confgen.model.patterns import is_matched
from confgen.paths import legs
from confgen.paths.alike import named
from confgen.paths.numbers import best, one, sent, sent_for
from confgen.paths.stops import (
    Arriving,
    AtRingGroup,
    Calling,
    Dialling,
    ForHelp,
    FromProvider,
    Outside,
    Stop,
    Unseen,
)
from confgen.paths.ways_out import WaysOut

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from confgen.model.dialling import Destination, Route
    from confgen.model.finding import Place
    from confgen.model.inventory import Pbx
    from confgen.model.provider import Did, ProviderTrunk
    from confgen.paths.alike import Alike, Called, Phones, Ringing
    from confgen.paths.numbers import Numbers
    from confgen.paths.ways_out import Turn


class Turns:
    """The turns of calls at one PBX."""

    def __init__(self, pbx: Pbx, alike: Alike) -> None:
        self._pbx = pbx
        self._alike = alike
        self._ways = WaysOut(pbx)
        self._providers = {trunk.name: trunk for trunk in pbx.provider_trunks}
        self._emergency = pbx.emergency if isinstance(pbx.emergency, Emergency) else None
        self._places = {group.number: group.place for group in pbx.ring_groups}

    def turns(self, stop: Stop) -> Iterator[Turn]:  # noqa: PLR0911 -- as many stops
        """Every way on from a stop at this PBX."""
        if legs.leads_unseen(self._pbx) and isinstance(stop, Dialling | Arriving | FromProvider):
            return self._enter_unseen("" if isinstance(stop, Dialling) else stop.trunk)
        match stop:
            case Dialling(number=number):
                return self._dial() if number is None else self._dial_one(number)
            case Arriving(sent=numbers):
                return self._arrive(numbers)
            case FromProvider(trunk=name):
                return self._come_in(self._providers[name])
            case Calling(called=called):
                return self._call(called)
            case AtRingGroup(ringing=ringing):
                return self._ring(ringing)
            case Outside(number=number):
                return self._leave_for(number)
            case ForHelp(number=number):
                return self._call_for_help(number)
            case Unseen(trunk=name):
                return self._lead_unseen(name)

    # what phones dial

    def _dial(self) -> Iterator[Turn]:
        taken = () if self._emergency is None else self._emergency.numbers
        for number in taken:
            yield self._ways.step(f"dial {number}"), ForHelp(self._pbx.name, number)
        yield from self._inside("dial ", None)
        for route in self._pbx.routes:
            yield self._route(route, f"dial {route.numbers}", sent(route, taken))

    def _dial_one(self, number: str) -> Iterator[Turn]:
        name = self._pbx.name
        if self._emergency is not None and number in self._emergency.numbers:
            yield self._ways.step(f"dial {number}"), ForHelp(name, number)
            return
        if any(is_matched(number, pattern) for pattern in self._pbx.blocked):
            return
        inside = tuple(self._inside("dial ", one(number)))
        yield from inside
        if not inside:
            yield from self._best(number, f"dial {number}")

    def _inside(self, how: str, numbers: Numbers | None) -> Iterator[Turn]:
        """The numbers of this PBX itself: of the extensions, of the ring groups, the echo."""
        name = self._pbx.name
        for called in self._alike.called:
            if numbers is None:
                yield (
                    self._ways.step(f"{how}{named(called.numbers)}", reaches=called.numbers, is_call=True),
                    Calling(name, called),
                )
            elif any(number in numbers for number in called.numbers):
                yield self._ways.step(f"{how}{numbers}", reaches=numbers, is_call=True), Calling(name, called)
        for ringing in self._alike.ringing:
            reached = [number for number in ringing.numbers if numbers is None or number in numbers]
            if reached:
                step = self._ways.step(
                    f"{how}{named(reached)}: {_groups(ringing)}", reaches=reached, place=self._places[reached[0]]
                )
                yield step, AtRingGroup(name, ringing)
        echo = self._pbx.echo_number
        if echo is not None and (numbers is None or echo in numbers):
            yield self._ways.step(f"{how}{echo}: the echo of {name}", reaches=(echo,)), None

    def _best(self, number: str, how: str) -> Iterator[Turn]:
        route = best(self._pbx.routes, number)
        if route is not None:
            yield self._route(route, f"{how} (route {route.numbers})", sent_for(route, number))

    def _route(self, route: Route, how: str, numbers: Numbers) -> Turn:
        if isinstance(route.way, ToContext):
            return self._ways.own_context(route.way.context, how, route.place, f"the route {route.numbers}")
        return self._ways.out(route.way, how, numbers, route.place)

    # ways out

    def _leave_for(self, number: str) -> Iterator[Turn]:
        if not any(is_matched(number, pattern) for pattern in self._pbx.blocked):
            yield from self._best(number, "")

    def _call_for_help(self, number: str) -> Iterator[Turn]:
        if self._emergency is None:
            return
        for way in self._emergency.ways:
            numbers = one(way.number or number)
            yield self._ways.out(way.way, "", numbers, self._emergency.place, is_emergency=True)

    # calls that come in

    def _arrive(self, numbers: Numbers | None) -> Iterator[Turn]:
        """From another PBX: emergency numbers, and those of this PBX itself; no route out of it."""
        for number in () if self._emergency is None else self._emergency.numbers:
            if numbers is None or number in numbers:
                yield self._ways.step(f"{self._pbx.name} takes {number}"), ForHelp(self._pbx.name, number)
        yield from self._inside(f"{self._pbx.name} takes ", numbers)

    def _come_in(self, trunk: ProviderTrunk) -> Iterator[Turn]:
        alike: dict[object, list[Did]] = {}
        for did in trunk.dids:
            alike.setdefault(self._where(did.destination), []).append(did)
        for dids in alike.values():
            how = f"for {named([did.number for did in dids])}"
            reached = {number for did in dids for number in self._alike.numbers_of(did.destination)}
            yield from self._lead(dids[0].destination, how, dids[0].place, reached, f"the DID {dids[0].number}")

    def _where(self, destination: Destination) -> object:
        """What is the same for destinations that lead to the same."""
        match destination:
            case ToExtension(extension=number):
                return self._alike.called_of.get(number)
            case ToRingGroup(ring_group=name):
                return self._alike.ringing_of.get(name)
            case ToContext(context=context):
                return context
            case ToOutside(number=number):
                return self._alike.outside(number)

    def _lead(
        self, to: Destination, how: str, place: Place, reached: Collection[str], subject: str, *, forward: bool = False
    ) -> Iterator[Turn]:
        name = self._pbx.name
        match to:
            case ToExtension(extension=number):
                called = self._alike.called_of.get(number)
                if called is not None:
                    words = f"{how} to {named(sorted(reached))}"
                    step = self._ways.step(words, place=place, reaches=reached, is_call=True, is_forward=forward)
                    yield step, Calling(name, called)
            case ToRingGroup(ring_group=group):
                ringing = self._alike.ringing_of.get(group)
                if ringing is not None:
                    step = self._ways.step(
                        f"{how} to {_groups(ringing)}", place=place, reaches=reached, is_forward=forward
                    )
                    yield step, AtRingGroup(name, ringing)
            case ToContext(context=context):
                yield self._ways.own_context(context, how, place, subject)
            case ToOutside(number=number):
                yield (
                    self._ways.step(f"{how} on to {number} outside", place=place, is_forward=True),
                    Outside(name, number),
                )

    # calls to extensions and ring groups

    def _call(self, called: Called) -> Iterator[Turn]:
        if not any(onward.is_always for onward in called.onward):
            yield self._phones(called.phones, called.numbers)
        who = f"extension {named(called.numbers)}"
        for onward in called.onward:
            if onward.is_always or not any(each.is_always for each in called.onward):
                how = f"forwarded {onward.when}"
                yield from self._lead(
                    onward.destination, how, onward.place, onward.numbers, f"a forward of {who}", forward=True
                )

    def _ring(self, ringing: Ringing) -> Iterator[Turn]:
        for phones in ringing.rings:
            yield self._phones(phones, {number: None for number in ringing.members if number in phones.numbers})
        for onward in ringing.onward:
            subject = f"`otherwise` of {_groups(ringing)}"
            yield from self._lead(onward.destination, "otherwise", onward.place, onward.numbers, subject, forward=True)

    def _phones(self, phones: Phones, numbers: Collection[str]) -> Turn:
        noun = "phone" if len(numbers) == 1 else "phones"
        words = f"{noun} {named(numbers)} of {self._pbx.name}"
        return self._ways.step(words, phones.leg, reaches=numbers), None

    # what is not seen

    def _enter_unseen(self, trunk: str) -> Iterator[Turn]:
        yield self._ways.step(f"{self._pbx.name}, where calls are led unseen"), Unseen(self._pbx.name, trunk)

    def _lead_unseen(self, came_by: str) -> Iterator[Turn]:
        """Whatever could be: to its phones, and on by any other of its trunks."""
        for phones in self._alike.phones:
            yield self._phones(phones, phones.numbers)
        for peer in self._pbx.trunks:
            if peer.name != came_by:
                yield self._ways.out(ByTrunk(trunk=peer.name), "perhaps", None, peer.place)
        for trunk in self._pbx.provider_trunks:
            if trunk.name != came_by:
                yield self._ways.to_provider(trunk, "perhaps", trunk.place)
        yield self._ways.unseen()


def _groups(ringing: Ringing) -> str:
    noun = "ring group" if len(ringing.names) == 1 else "ring groups"
    return f"{noun} {named(ringing.names)}"
