"""Where everything of the drawing lies: PBXs below each other, phones to their left, rails to their right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from confgen.report.links import Kind, Link

PILL = 60  # the width of what says both verdicts
PITCH = 24  # between two rails that end at one node
GAP = 14
PHONES_WIDTH, PHONES_HEIGHT = 52, 40
_MARGIN = 4
_LEAST_HEIGHT = 48
_BETWEEN_NODES = 22
_LEAST_WIDTH, _MOST_WIDTH = 100, 188
_LETTER = 8.3  # the widest of an ordinary name, on average
_LANE = 18
_MOST_LANES = 8  # with more of them nobody follows one with the eye


class Role(Enum):
    """What stands at an end of a leg."""

    PBX = "PBX"
    OUTSIDE = "outside"  # a PBX that is no part of the answer
    PROVIDER = "provider"
    LINE = "line"
    BEYOND = "beyond"  # a provider
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box; all numbers are pixels, from the upper left corner of the drawing."""

    name: str
    role: Role
    top: float
    height: float

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rail:
    """A leg to the right of the boxes: out of the upper one, down, and into the lower one."""

    link: Link
    upper: float
    lower: float
    lane: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """A leg that leaves a box and ends at the name of what it leads to."""

    link: Link
    middle: float
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Boxes, rails or else stubs, and phones; boxes begin at `left` and end at `right`."""

    nodes: Sequence[Node]
    rails: Sequence[Rail]
    stubs: Sequence[Stub]
    phones: Mapping[str, Link]  # by the PBX
    left: float
    right: float
    width: float
    height: float


def layout(names: Sequence[str], links: Sequence[Link]) -> Layout:
    """`names` are those of the PBXs to draw; what else a leg ends at is drawn below them."""
    roles = _roles(names, links)
    order = {key: row for row, key in enumerate(roles)}
    ways = [_way(link, order) for link in links if link.kind is not Kind.PHONES]
    lanes = _lanes(ways)
    has_rails = len(set(lanes.values())) <= _MOST_LANES
    leaves = [(way.upper, way.lower) if has_rails else (_quieter(way, ways),) for way in ways]
    nodes, ports = _nodes(roles, ways, lanes, leaves)
    longest = max((len(name) for name, _ in roles), default=0)
    phones = {link.far: link for link in links if link.kind is Kind.PHONES}
    left = _MARGIN + (PHONES_WIDTH + GAP + PILL + GAP if phones else 0)
    right = left + min(_MOST_WIDTH, max(_LEAST_WIDTH, longest * _LETTER + 28))
    beyond = right + GAP + PILL + GAP
    rails = tuple(
        Rail(
            link=way.link,
            upper=ports[index, way.upper],
            lower=ports[index, way.lower],
            lane=beyond + GAP + lanes[index] * _LANE,
        )
        for index, way in enumerate(ways)
        if has_rails
    )
    stubs = tuple(
        Stub(link=way.link, middle=ports[index, row], end=nodes[way.upper + way.lower - row].name)
        for index, (way, (row, *more)) in enumerate(zip(ways, leaves, strict=True))
        if not more
    )
    ends = (*(rail.lane + 8 for rail in rails), *(beyond + 6 + len(stub.end) * _LETTER for stub in stubs))
    return Layout(
        nodes=nodes,
        rails=rails,
        stubs=stubs,
        phones=phones,
        left=left,
        right=right,
        width=max(ends, default=right) + _MARGIN,
        height=(nodes[-1].top + nodes[-1].height if nodes else 0) + _MARGIN,
    )


_Key = tuple[str, bool]  # a name, and whether it is no PBX's: a provider may be called the same
# Of what is at the far end of a link, in the order in which they are drawn.
_FAR_ROLES: Mapping[Kind, Role] = {
    Kind.PBX: Role.OUTSIDE,
    Kind.PROVIDER: Role.PROVIDER,
    Kind.LINE: Role.LINE,
    Kind.UNSEEN: Role.UNSEEN,
    Kind.BEYOND: Role.BEYOND,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """A leg from a row to a lower one; rows count from the top."""

    link: Link
    upper: int
    lower: int


def _ends(link: Link) -> tuple[_Key, _Key]:
    return (link.near, link.kind is Kind.BEYOND), (link.far, link.kind is not Kind.PBX)


def _way(link: Link, order: Mapping[_Key, int]) -> _Way:
    upper, lower = sorted(order[key] for key in _ends(link))
    return _Way(link=link, upper=upper, lower=lower)


def _quieter(way: _Way, ways: Sequence[_Way]) -> int:
    """The end of it at which fewer legs end."""
    numbers = Counter(row for each in ways for row in (each.upper, each.lower))
    return min((way.lower, way.upper), key=lambda row: numbers[row])


def _roles(names: Sequence[str], links: Sequence[Link]) -> Mapping[_Key, Role]:
    """In the order in which they are drawn."""
    roles: dict[_Key, Role] = {(name, False): Role.PBX for name in names}
    for kind, role in _FAR_ROLES.items():
        for link in links:
            if link.kind is kind:
                for key in _ends(link):
                    roles.setdefault(key, role if key == _ends(link)[1] else Role.OUTSIDE)
    return roles


def _lanes(ways: Sequence[_Way]) -> Mapping[int, int]:
    """The lane of each way, counted from the boxes; short ones are near, and no two that lie in one lane overlap."""
    taken: list[list[tuple[int, int]]] = []
    lanes: dict[int, int] = {}
    for index, way in sorted(enumerate(ways), key=lambda pair: pair[1].lower - pair[1].upper):
        lane = next(
            (
                number
                for number, spans in enumerate(taken)
                if all(way.lower <= begin or end <= way.upper for begin, end in spans)
            ),
            len(taken),
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((way.upper, way.lower))
        lanes[index] = lane
    return lanes


def _nodes(
    roles: Mapping[_Key, Role], ways: Sequence[_Way], lanes: Mapping[int, int], leaves: Sequence[Collection[int]]
) -> tuple[tuple[Node, ...], Mapping[tuple[int, int], float]]:
    """The boxes, and how far down each way leaves those that it leaves: those up come first, so that few cross."""
    nodes = []
    ports: dict[tuple[int, int], float] = {}
    top: float = _MARGIN
    for row, ((name, _), role) in enumerate(roles.items()):
        here = [index for index in range(len(ways)) if row in leaves[index]]
        up = sorted((index for index in here if ways[index].lower == row), key=lambda index: lanes[index])
        down = sorted((index for index in here if ways[index].upper == row), key=lambda index: -lanes[index])
        count = len(up) + len(down)
        height = max(_LEAST_HEIGHT, count * PITCH + 4)
        first = top + height / 2 - (count - 1) * PITCH / 2
        for place, index in enumerate((*up, *down)):
            ports[index, row] = first + place * PITCH
        nodes.append(Node(name=name, role=role, top=top, height=height))
        top += height + _BETWEEN_NODES
    return tuple(nodes), ports
