"""Calls that would go round in a circle, from one destination to the next for ever."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from confgen.load.faults import fault
from confgen.load.yaml_tree import YamlMapping, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from confgen.load.drafts import PbxDraft
    from confgen.model.finding import Finding, Place

_Stop = tuple[str, str]  # "extension" and its number, or "ring_group" and its name
_Ways = dict[_Stop, dict[_Stop, "Place"]]  # from a stop to the next ones, with where that is written


def faults_of_circles(draft: PbxDraft) -> Iterator[Finding]:
    """One finding for each circle, at that of its ways that is written first."""
    ways = _on_circles(dict(_ways(draft)))
    told: set[_Stop] = set()
    for stop in ways:
        if stop in told:
            continue
        circle = _shortest_circle(stop, ways)
        if circle:
            told.update(circle)
            place = min(ways[one][following] for one, following in zip(circle, (*circle[1:], stop), strict=True))
            round_trip = " to ".join(f"{kind.replace('_', ' ')} {name}" for kind, name in (*circle, stop))
            wrong = f"calls go round in a circle, from {round_trip}"
            yield fault("REF-27", wrong, "let one of them lead elsewhere, or nowhere", place, draft.name)


def _ways(draft: PbxDraft) -> Iterator[tuple[_Stop, dict[_Stop, Place]]]:
    for extension in draft.extensions:
        if isinstance(extension.written, YamlMapping) and "forward" in extension.written:
            onward = _onward(extension.written["forward"])
            for number in extension.numbers:
                yield ("extension", number), onward
    groups = draft.settings.get("ring_groups")
    if isinstance(groups, YamlMapping):
        for name, group in groups.items():
            if isinstance(group, YamlMapping) and isinstance(otherwise := group.get("otherwise"), YamlMapping):
                yield ("ring_group", name), _stops(otherwise)


def _onward(forwards: object) -> dict[_Stop, Place]:
    onward: dict[_Stop, Place] = {}
    if isinstance(forwards, YamlMapping):
        for destination in forwards.values():
            for stop, place in _stops(destination).items():
                onward.setdefault(stop, place)
    return onward


def _stops(destination: object) -> dict[_Stop, Place]:
    if not isinstance(destination, YamlMapping):
        return {}
    return {
        (kind, name): place_of(destination.value_mark(kind))
        for kind in ("extension", "ring_group")
        if isinstance(name := destination.get(kind), str)
    }


def _on_circles(ways: _Ways) -> _Ways:
    """The ways between stops that lie on circles or between two: in long chains each would be looked at again."""
    endless = _endless(ways)
    back: dict[_Stop, set[_Stop]] = {stop: set() for stop in endless}
    for stop in endless:
        for following in endless.intersection(ways[stop]):
            back[following].add(stop)
    returning = _endless(back)
    return {stop: onward for stop, onward in ways.items() if stop in returning}


def _endless(ways: Mapping[_Stop, Iterable[_Stop]]) -> set[_Stop]:
    """The stops from which some way never ends."""
    sorter = TopologicalSorter(ways)
    with suppress(CycleError):
        sorter.prepare()
    endless = set(ways)
    while ready := sorter.get_ready():
        endless.difference_update(ready)
        sorter.done(*ready)
    return endless


def _shortest_circle(start: _Stop, ways: Mapping[_Stop, Mapping[_Stop, Place]]) -> tuple[_Stop, ...]:
    """The stops of the shortest way from a stop back to itself; none where there is no way back."""
    before: dict[_Stop, _Stop] = {}
    waiting = deque([start])
    while waiting:
        stop = waiting.popleft()
        for following in ways.get(stop, ()):
            if following == start:
                circle = [stop]
                while circle[-1] != start:
                    circle.append(before[circle[-1]])
                return tuple(reversed(circle))
            if following not in before:
                before[following] = stop
                waiting.append(following)
    return ()
