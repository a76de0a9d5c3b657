"""Calls of one PBX that lead nowhere, to two places or round in a circle, where confgen writes the dialplan."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from confgen.load.circles import faults_of_circles
from confgen.load.destinations import faults_of_destinations
from confgen.load.dialled import owners, patterns_of_routes, ring_groups, routes
from confgen.load.emergency import faults_of_blocked, faults_of_emergency
from confgen.load.faults import fault
from confgen.load.settings import managed_parts, place_at, value_at
from confgen.load.ways import WAY, choice_faults, extension_faults, way_faults
from confgen.load.wording import as_seen_from
from confgen.load.yaml_tree import YamlMapping, YamlSequence, marked_items, place_of
from confgen.model.inventory import Part
from confgen.model.patterns import is_matched, longest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.load.drafts import Drafts, PbxDraft
    from confgen.model.finding import Finding, Place


def faults_of_calls(draft: PbxDraft, drafts: Drafts) -> Iterator[Finding]:
    """All that is wrong with where calls lead; of a dialplan that is not managed nothing is known."""
    parts = managed_parts(draft.settings)
    if parts is None or Part.DIALPLAN not in parts & draft.traits.parts:
        return
    yield from chain(
        _route_faults(draft, drafts),
        _echo_faults(draft),
        _ring_group_faults(draft),
        faults_of_destinations(draft),
        faults_of_emergency(draft, drafts),
        faults_of_blocked(draft),
        faults_of_circles(draft),
    )


def _route_faults(draft: PbxDraft, drafts: Drafts) -> Iterator[Finding]:
    patterns: dict[str, Place] = {}
    for route, place in routes(draft):
        yield from choice_faults(draft, route, place, (*WAY, "context"), "the route")
        yield from way_faults(draft, drafts, route)
        pattern = route.get("numbers")
        if not isinstance(pattern, str):
            continue
        of_numbers = place_of(route.value_mark("numbers"))
        if pattern in patterns:
            wrong = f"the numbers {pattern} have a route already, {as_seen_from(of_numbers, patterns[pattern])}"
            yield fault("REF-14", wrong, "remove one of the two routes", of_numbers, draft.name)
        patterns.setdefault(pattern, of_numbers)
        yield from _strip_faults(draft, route, pattern)


def _strip_faults(draft: PbxDraft, route: YamlMapping, pattern: str) -> Iterator[Finding]:
    strip, most = route.get("strip"), longest(pattern)
    if isinstance(strip, int) and most is not None and (strip > most or (strip == most and "prepend" not in route)):
        wrong = f"the route takes {strip} digits off numbers that have {most}, and nothing is left to dial"
        mend = f"write less than {most}, or what is dialled instead under `prepend`"
        yield fault("REF-44", wrong, mend, place_of(route.value_mark("strip")), draft.name)


def _echo_faults(draft: PbxDraft) -> Iterator[Finding]:
    echo = value_at(draft.settings, "echo_number")
    if not isinstance(echo, str):
        return
    place = place_at(draft.settings, "echo_number") or draft.place
    mend = "choose an echo number that nothing else has"
    if (extension := draft.numbers.get(echo)) is not None:
        wrong = f"the echo number {echo} of `{draft.name}` is an extension too, {as_seen_from(place, extension.place)}"
        yield fault("REF-13", wrong, mend, place, draft.name)
    for route in patterns_of_routes(draft):
        if is_matched(echo, route.text):
            where = as_seen_from(place, route.place)
            wrong = f"the echo number {echo} of `{draft.name}` is among the numbers {route.text} of a route, {where}"
            yield fault("REF-13", wrong, mend, place, draft.name)


def _ring_group_faults(draft: PbxDraft) -> Iterator[Finding]:
    others: dict[str, Place] = {}
    for group in ring_groups(draft).values():
        number, members = group.get("number"), group.get("extensions")
        if isinstance(members, YamlSequence):
            for member, place in marked_items(members):
                if isinstance(member, str):
                    yield from extension_faults(draft, member, place)
        if not isinstance(number, str):
            continue
        place = place_of(group.value_mark("number"))
        mend = "choose a number that nothing else has"
        for what, other in owners(draft, number, others):
            wrong = f"the ring group's number {number} is {what} too, {as_seen_from(place, other)}"
            yield fault("REF-25", wrong, mend, place, draft.name)
        others.setdefault(number, place)
