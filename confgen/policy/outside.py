"""Which calls to phones and ring groups of a PBX go on to a number outside. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.model.dialling import ToExtension, ToOutside, ToRingGroup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.dialling import Destination, Forwards
    from confgen.model.finding import Place
    from confgen.model.inventory import Pbx

_Target = tuple[str, str]  # what it is, its number or name


def ends_of(forwards: Forwards | None) -> tuple[Destination, ...]:
    """Wherever a call to an extension can go instead."""
    if forwards is None:
        return ()
    ends = (forwards.always, forwards.busy, forwards.no_answer, forwards.unavailable)
    return tuple(end for end in ends if end is not None)


def leads_outside(end: Destination, reaching: frozenset[_Target]) -> bool:
    """Whether a call to this end can go outside; `reaching` is what `reaching_outside` gave for the PBX."""
    return isinstance(end, ToOutside) or _target(end) in reaching


def reaching_outside(pbx: Pbx) -> frozenset[_Target]:
    """Every phone and ring group of which a call can go outside, in however many steps; each is looked at once."""
    leads_from: dict[_Target | None, list[_Target]] = {}
    pending: list[_Target] = []
    for target, end in _edges(pbx):
        if isinstance(end, ToOutside):
            pending.append(target)
        else:
            leads_from.setdefault(_target(end), []).append(target)
    found: set[_Target] = set()
    while pending:
        target = pending.pop()
        if target not in found:
            found.add(target)
            pending += leads_from.get(target, ())
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Written:
    """A number outside that somebody wrote, and who leads there."""

    number: str
    who: str
    subject: str
    place: Place


def forwarded_outside(pbx: Pbx) -> Iterator[Written]:
    """Every number outside that calls to phones and ring groups are sent on to."""
    for extension in pbx.extensions:
        for end in ends_of(extension.forwards):
            if isinstance(end, ToOutside):
                who = f"the forward of extension {extension.number}"
                yield Written(end.number, who, extension.number, extension.place)
    for group in pbx.ring_groups:
        if isinstance(group.otherwise, ToOutside):
            who = f"`otherwise` of the ring group {group.name}"
            yield Written(group.otherwise.number, who, group.name, group.place)


def numbers_outside(pbx: Pbx) -> Iterator[Written]:
    """The same with those that callers from outside are led to straight away."""
    yield from forwarded_outside(pbx)
    for trunk in pbx.provider_trunks:
        for did in trunk.dids:
            if isinstance(did.destination, ToOutside):
                who = f"the DID {did.number} of the trunk {trunk.name}"
                yield Written(did.destination.number, who, trunk.name, did.place)


def _edges(pbx: Pbx) -> Iterator[tuple[_Target, Destination]]:
    for extension in pbx.extensions:
        for end in ends_of(extension.forwards):
            yield ("extension", extension.number), end
    for group in pbx.ring_groups:
        if group.otherwise is not None:
            yield ("ring group", group.name), group.otherwise


def _target(end: Destination) -> _Target | None:
    match end:
        case ToExtension(extension=number):
            return ("extension", number)
        case ToRingGroup(ring_group=name):
            return ("ring group", name)
        case _:
            return None
