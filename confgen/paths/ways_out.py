"""Steps that lead out of a PBX, with their legs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import ByTrunk
from confgen.paths import legs
from confgen.paths.path import Step
from confgen.paths.stops import Arriving, Stop

if TYPE_CHECKING:
    from collections.abc import Container

    from confgen.model.dialling import Way
    from confgen.model.finding import Place
    from confgen.model.inventory import Pbx
    from confgen.model.provider import ProviderTrunk
    from confgen.paths.leg import Leg
    from confgen.paths.numbers import Numbers

Turn = tuple[Step, Stop | None]  # None: there the call ends

_LOOK = "`confgen plan` reads on the host what it can; call these ways after each change there"


class WaysOut:
    """The ways out of one PBX."""

    def __init__(self, pbx: Pbx) -> None:
        self._pbx = pbx
        self._peers = {trunk.name: trunk for trunk in pbx.trunks}
        self._providers = {trunk.name: trunk for trunk in pbx.provider_trunks}

    def out(self, way: Way, how: str, numbers: Numbers | None, place: Place, *, is_emergency: bool = False) -> Turn:
        if not isinstance(way, ByTrunk):
            leg = legs.line(self._pbx, way.channel)
            return self.step(
                _and(how, f"by the line {way.channel.name}"), leg, place=place, is_emergency=is_emergency
            ), None
        if way.trunk in self._providers:
            return self.to_provider(self._providers[way.trunk], how, place, is_emergency=is_emergency)
        peer = self._peers[way.trunk]
        step = self.step(
            _and(how, f"by trunk {peer.name} to {peer.peer}"),
            legs.peer(self._pbx, peer),
            place=place,
            is_emergency=is_emergency,
        )
        return step, Arriving(peer.peer, peer.name, numbers)

    def to_provider(self, trunk: ProviderTrunk, how: str, place: Place, *, is_emergency: bool = False) -> Turn:
        words = _and(how, f"by trunk {trunk.name} to {trunk.provider.name} and beyond")
        both = (legs.provider(self._pbx, trunk), legs.beyond(self._pbx, trunk))
        return self.step(words, *both, place=place, is_emergency=is_emergency), None

    def own_context(self, context: str, how: str, place: Place, subject: str) -> Turn:
        leg = legs.unseen(
            self._pbx,
            f"what the context {context} leads to",
            place,
            subject=context,
            why=f"{subject} of `{self._pbx.name}` leads into the user's own context `{context}`, which is not seen",
            mend=f"lead it by a trunk, to an extension or to a ring group; else {_LOOK}",
        )
        return self.step(_and(how, f"into the context {context}"), leg, place=place), None

    def unseen(self) -> Turn:
        """Whatever else the PBX leads to, by what confgen neither writes nor sees."""
        leg = legs.unseen(
            self._pbx,
            f"what else {self._pbx.name} leads to",
            self._pbx.place,
            subject="",
            why=f"where calls of `{self._pbx.name}` lead is set up on the PBX itself, and not seen from here; each of "
            "its trunks is taken for a way of each call",
            mend=f"look there that nothing else leads out; {_LOOK}",
        )
        return self.step(f"whatever else {self._pbx.name} leads to", leg, place=self._pbx.place), None

    def step(
        self,
        words: str,
        *its_legs: Leg,
        place: Place | None = None,
        reaches: Container[str] = (),
        is_call: bool = False,
        is_forward: bool = False,
        is_emergency: bool = False,
    ) -> Step:
        """A step at this PBX."""
        return Step(
            words=words,
            pbx=self._pbx.name,
            legs=its_legs,
            place=place,
            reaches=reaches,
            is_call=is_call,
            is_forward=is_forward,
            is_emergency=is_emergency,
        )


def _and(how: str, by: str) -> str:
    return f"{how} {by}".strip()
