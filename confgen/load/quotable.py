"""Lines of an inventory as they may be shown beside findings: what is not known to be harmless is blanked."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from confgen.load.showable import NOWHERE, Spot, root
from confgen.model.quote import Quote

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from confgen.model.finding import Place

BLANK = "…"

_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # as libyaml counts lines
# Between keys and values: what the form of YAML is made of; then comments, and the names of anchors and tags.
_BETWEEN = re.compile(r"(?P<form>[\s\[\]{},:?-]+)|#.*|[^\s\[\]{},:?#-]+", re.DOTALL)

_Mark = tuple[int, int]  # line and column, from 0
_END_OF_FILE: _Mark = (2**62, 0)


class _Stretch(NamedTuple):
    """A key, a value, or a whole collection."""

    begin: _Mark
    end: _Mark  # behind it
    is_shown: bool


def quotes(content: bytes, places: Collection[Place]) -> Mapping[Place, Quote]:
    """The lines at these places of one YAML file, as far as it has them; none of a file that is no inventory.

    Shown are the keys, and the values that the schema knows to be no secrets. So nothing is seen of what stands under
    unknown keys, of comments, and of what only aliases lead to.
    """
    if not places:
        return {}
    lines = _LINE_END.split(content.decode(errors="replace"))
    wanted = {place.line - 1 for place in places}
    try:
        stretches = _by_line(_stretches(content, wanted, max(wanted)), wanted)
    except yaml.YAMLError:  # nobody knows what is meant
        return {}
    found = {}
    for place in places:
        at = place.line - 1
        if at in stretches and place.column - 1 <= len(lines[at]):
            found[place] = _blanked(lines[at], place.column - 1, stretches[at])
    return found


def _by_line(stretches: Iterator[_Stretch], wanted: Collection[int]) -> Mapping[int, Sequence[tuple[int, int, bool]]]:
    """The columns that the stretches take of each wanted line on which there are any, and whether they are shown."""
    found: dict[int, list[tuple[int, int, bool]]] = {}
    ordered = sorted(wanted)
    for (first, first_column), (last, last_column), is_shown in stretches:
        for line in ordered[bisect_left(ordered, first) : bisect_right(ordered, last)]:
            begin = first_column if line == first else 0
            end = last_column if line == last else 2**31
            found.setdefault(line, []).append((begin, end, is_shown))
    return found


def _blanked(line: str, column: int, stretches: Sequence[tuple[int, int, bool]]) -> Quote:
    pieces: list[tuple[int, int, str]] = []  # where each piece of the line begins and ends, and what is shown of it
    done = 0
    for begin, end, is_shown in (*stretches, (len(line), len(line), True)):
        pieces += _between(line, done, begin)
        done = max(done, min(end, len(line)))
        if done > begin:
            pieces.append((begin, done, line[begin:done] if is_shown else BLANK))
    text, at = "", None
    for begin, end, shown in pieces:
        if begin <= column < end:
            at = len(text) + (column - begin if len(shown) == end - begin else 0)
        text += shown
    text = text.rstrip()
    return Quote(text=text, column=min(len(text) if at is None else at, len(text)) + 1)


def _between(line: str, begin: int, end: int) -> Iterator[tuple[int, int, str]]:
    for piece in _BETWEEN.finditer(line, begin, max(begin, end)):
        shown = piece[0] if piece["form"] else f"# {BLANK}" if piece[0].startswith("#") else BLANK
        yield piece.start(), piece.end(), shown


class _At(Enum):
    """What comes next, where a value is read."""

    DOCUMENT = 0
    ITEM = 1
    KEY = 2
    VALUE = 3


def _stretches(  # noqa: C901, PLR0912, PLR0915, one pass without calls
    content: bytes, wanted: Collection[int], last: int
) -> Iterator[_Stretch]:
    """What stands on the wanted lines up to the last; nothing of a file whose root is no mapping.

    Written for speed: of a hundred thousand extensions hardly an event takes a call.
    """
    read_next: Callable[[], Any] = yaml.CBaseLoader(content).get_event
    scalar, alias, mapping, sequence = (
        yaml.ScalarEvent,
        yaml.AliasEvent,
        yaml.MappingStartEvent,
        yaml.SequenceStartEvent,
    )
    document, item, key, value = _At
    outer: list[tuple[_At, Spot]] = []  # of each open collection: what was next, and where that is
    at, here = document, root()  # in a list: where its items are
    name: str | None = None  # the key whose value comes next; None where it is no plain text
    hidden: _Mark = (0, 0)  # where a collection began of which nothing is shown
    depth = 0  # of collections in it
    end: Any = None  # of the last thing that was closed
    while (kind := type(event := read_next())) is not yaml.StreamEndEvent:
        if kind is scalar or kind is alias:
            if at is document:
                return
            end = event.end_mark
            if depth:
                continue
            begin = event.start_mark
            if at is key:
                name = event.value if kind is scalar else None
            if begin.line in wanted or begin.line != end.line:
                is_plain = kind is scalar and begin.line == end.line and event.anchor is None and event.tag is None
                if at is key:
                    is_shown = is_plain and here.shows_key(event.value)
                else:
                    is_shown = is_plain and _next_spot(here, at, name).shows(event.value)
                yield _Stretch((begin.line, begin.column), (end.line, end.column), is_shown)
        elif kind is mapping or kind is sequence:
            begin = event.start_mark
            if begin.line > last or (at is document and kind is sequence):
                if depth:
                    yield _Stretch(hidden, _END_OF_FILE, is_shown=False)
                return
            if depth:
                depth += 1
                continue
            spot = _next_spot(here, at, name)
            if not spot.is_known:
                hidden, depth = (begin.line, begin.column), 1
                continue
            outer.append((at, here))
            at, here = (key, spot) if kind is mapping else (item, spot.item)
            continue
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            if event.start_mark.column != event.end_mark.column:
                end = event.end_mark  # of one in brackets; that of a block stands where the next thing begins
            if depth > 1:
                depth -= 1
                continue
            if depth:
                yield _Stretch(hidden, (end.line, end.column), is_shown=False)
                depth = 0
                name = None
            else:
                at, here = outer.pop()
        else:
            continue
        if at is value:
            at = key
        elif at is key:
            at = value
        elif at is document:
            return


def _next_spot(here: Spot, at: _At, name: str | None) -> Spot:
    match at:
        case _At.KEY:
            return NOWHERE
        case _At.VALUE:
            return here.below(name) if name is not None else NOWHERE
        case _:
            return here
