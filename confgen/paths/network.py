"""All PBXs of an inventory as one network: who can call, and by which paths."""

from __future__ import annotations

from collections import deque
from functools import cached_property
from typing import TYPE_CHECKING

from confgen.paths import legs
from confgen.paths.alike import Alike, named
from confgen.paths.path import Path, Step
from confgen.paths.stops import Dialling, FromProvider, Stop
from confgen.paths.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from confgen.model.inventory import Pbx
    from confgen.paths.leg import Leg
    from confgen.paths.ways_out import Turn

MOST_FORWARDS = 5  # of one call; the dialplan ends whatever is sent on more often
MOST_STEPS = 1_000_000  # that are followed; where many PBXs are led unseen, there are more paths than anybody reads


class TooManyPaths(Exception):
    """There are more than can be followed; those that came before are right."""


class Network:
    """What calls can do, worked out once; steps are found as they are asked for."""

    def __init__(self, pbxs: Sequence[Pbx], *, today: date) -> None:
        self.pbxs = {pbx.name: pbx for pbx in pbxs}
        self.alike: Mapping[str, Alike] = {name: Alike(pbx, today) for name, pbx in self.pbxs.items()}
        self._turns_at = {name: Turns(pbx, self.alike[name]) for name, pbx in self.pbxs.items()}
        self._known: dict[Stop, tuple[Turn, ...]] = {}

    def turns(self, stop: Stop) -> tuple[Turn, ...]:
        """Every way on from a stop; none from a PBX that is not there."""
        if stop not in self._known:
            at = self._turns_at.get(stop.pbx)
            self._known[stop] = () if at is None else tuple(at.turns(stop))
        return self._known[stop]

    def callers(self, dialled: str | None = None) -> Iterator[tuple[Step, Stop]]:
        """Who can call: phones that are alike, and whoever is behind a provider. These dial no number of ours."""
        for name, pbx in self.pbxs.items():
            for phones in self.alike[name].phones:
                noun = "phone" if len(phones.numbers) == 1 else "phones"
                words = f"{noun} {named(phones.numbers)} of {name}"
                yield Step(words=words, pbx=name, legs=(phones.leg,), reaches=phones.numbers), Dialling(name, dialled)
            for trunk in () if dialled is not None else pbx.provider_trunks:
                words = f"callers behind {trunk.provider.name} by trunk {trunk.name} to {name}"
                both = (legs.beyond(pbx, trunk), legs.provider(pbx, trunk))
                yield Step(words=words, pbx=name, legs=both, place=trunk.place), FromProvider(name, trunk.name)

    def paths(self, callers: Iterable[tuple[Step, Stop]]) -> Iterator[Path]:
        """Every path of these callers, no stop twice and no forward too many; lazily, for they may be many.

        TooManyPaths where following them all would take too long.
        """
        left = iter(range(MOST_STEPS))
        for first, start in callers:
            yield from self._onward(first, start, left)

    def _onward(self, first: Step, start: Stop, left: Iterator[int]) -> Iterator[Path]:
        steps, stops = [first], {start}
        waiting = [iter(self.turns(start))]
        entered: list[Stop] = [start]
        while waiting:
            if next(left, None) is None:
                raise TooManyPaths
            turn = next(waiting[-1], None)
            if turn is None:
                waiting.pop()
                steps.pop()
                stops.discard(entered.pop())
                continue
            step, stop = turn
            if stop is None:
                yield Path(steps=(*steps, step))
            elif stop not in stops and step.is_forward + sum(each.is_forward for each in steps) <= MOST_FORWARDS:
                steps.append(step)
                stops.add(stop)
                entered.append(stop)
                waiting.append(iter(self.turns(stop)))

    @cached_property
    def weak_legs(self) -> Mapping[Leg, tuple[Path, ...]]:
        """Every leg that is not encrypted, with a shortest path for each step by which calls get onto it.

        One of a call for help only where no other call takes that step.
        """
        before = self._reached()
        found: dict[Leg, list[Path]] = {}
        for first, start in self.callers():
            weak = [leg for leg in first.legs if not leg.is_encrypted]
            rest = self._to_an_end(start) if weak else None
            if rest is not None:
                for leg in weak:
                    found.setdefault(leg, []).append(Path(steps=(first, *rest)))
        for stop in before:
            for step, then in self.turns(stop):
                weak = [leg for leg in step.legs if not leg.is_encrypted]
                rest = () if then is None else self._to_an_end(then) if weak else None
                if weak and rest is not None:
                    path = Path(steps=(*_way_to(stop, before), step, *rest))
                    for leg in weak:
                        found.setdefault(leg, []).append(path)
        return {leg: tuple(paths) for leg, paths in found.items()}

    def _reached(self) -> Mapping[Stop, tuple[Step, Stop | None]]:
        """Every stop that some call reaches, with the last step of a shortest way there; calls for help last."""
        before: dict[Stop, tuple[Step, Stop | None]] = {}
        for step, stop in self.callers():
            before.setdefault(stop, (step, None))
        for for_help in (False, True):
            waiting = deque(before)
            while waiting:
                stop = waiting.popleft()
                for step, then in self.turns(stop):
                    if then is not None and then not in before and (for_help or not step.is_emergency):
                        before[then] = (step, stop)
                        waiting.append(then)
        return before

    def _to_an_end(self, start: Stop) -> tuple[Step, ...] | None:
        """The steps of a shortest way from a stop to where a call ends, a call for help last; None where none does."""
        rest = self._shortest(start, for_help=False)
        return self._shortest(start, for_help=True) if rest is None else rest

    def _shortest(self, start: Stop, *, for_help: bool) -> tuple[Step, ...] | None:
        before: dict[Stop, tuple[Step, Stop] | None] = {start: None}
        waiting = deque([start])
        while waiting:
            stop = waiting.popleft()
            for step, then in self.turns(stop):
                if step.is_emergency and not for_help:
                    continue
                if then is None:
                    steps, at = [step], before[stop]
                    while at is not None:
                        steps.append(at[0])
                        at = before[at[1]]
                    return tuple(reversed(steps))
                if then not in before:
                    before[then] = (step, stop)
                    waiting.append(then)
        return None


def _way_to(stop: Stop, before: Mapping[Stop, tuple[Step, Stop | None]]) -> tuple[Step, ...]:
    steps: list[Step] = []
    at: Stop | None = stop
    while at is not None:
        step, at = before[at]
        steps.append(step)
    return tuple(reversed(steps))
