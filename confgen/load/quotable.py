"""Lines of an inventory as they may be shown beside findings: whatever may be a secret in them is blanked."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml

from confgen.load.wording import nearest
from confgen.model.quote import Quote

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from confgen.model.finding import Place

BLANK = "…"

# Wider than what loading hides in its messages: here a whole line is at stake, and a key may be a slip of the pen.
_CONFIDENTIAL = re.compile(
    r"secr|pass|pwd|token|credential|psk|private|kennwort|wachtwoord|clave|\bpin\b|\bkey\b", re.IGNORECASE
)
_CONFIDENTIAL_WORDS = ("secret", "password", "passphrase", "token", "credentials")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # as libyaml counts lines

_Spot = tuple[int, int]  # line and column, from 0
_Span = tuple[_Spot, _Spot]  # from the first up to the second
_END_OF_FILE: _Spot = (2**62, 0)


def quotes(content: bytes, places: Collection[Place], *, unknown_keys: Collection[Place]) -> Mapping[Place, Quote]:
    """The lines at these places of one YAML file, as far as it has them.

    Blanked are the values of keys that are, or read like, a secret's, and those of `unknown_keys`: nobody knows what
    they hold. So is a file that is but a text.
    """
    if not places:
        return {}
    lines = _LINE_END.split(content.decode(errors="replace"))
    unknown = {(place.line - 1, place.column - 1) for place in unknown_keys}
    last = max(place.line for place in places) - 1
    spans_by_line = _by_line(_confidential_spans(content, lines, unknown, last), {place.line - 1 for place in places})
    found = {}
    for place in places:
        at = place.line - 1
        if 0 <= at < len(lines) and place.column - 1 <= len(lines[at]):
            found[place] = _blanked(lines[at], place.column - 1, spans_by_line.get(at, ()))
    return found


def _by_line(spans: Iterator[_Span], wanted: Collection[int]) -> Mapping[int, Sequence[tuple[int, int | None]]]:
    """The columns that each wanted line must not show; None is its end."""
    found: dict[int, list[tuple[int, int | None]]] = {}
    ordered = sorted(wanted)
    for (first, first_column), (last, last_column) in spans:
        for line in ordered[bisect_left(ordered, first) : bisect_right(ordered, last)]:
            begin = first_column if line == first else 0
            found.setdefault(line, []).append((begin, last_column if line == last else None))
    return found


def _blanked(line: str, column: int, spans: Sequence[tuple[int, int | None]]) -> Quote:
    text, done, at = "", 0, None
    for begin, last in sorted((begin, len(line) if end is None else end) for begin, end in spans):
        if last <= max(begin, done):  # empty, or blanked already
            continue
        if done <= column < begin:
            at = len(text) + column - done
        text += line[done:begin]
        if max(begin, done) <= column < last:
            at = len(text)
        text, done = text + BLANK, last
    if at is None:
        at = len(text) + column - done
    text += line[done:]
    comment = _COMMENT.search(text)
    if comment is not None and _CONFIDENTIAL.search(comment[0]):
        text = f"{text[: comment.start()]}# {BLANK}"
    return Quote(text=text, column=min(at, len(text)) + 1)


class _At(Enum):
    """What comes next, where a value is read."""

    DOCUMENT = 0
    ITEM = 1
    KEY = 2
    VALUE = 3


def _confidential_spans(  # noqa: C901, PLR0912, one pass without calls
    content: bytes, lines: Sequence[str], unknown: Collection[_Spot], last: int
) -> Iterator[_Span]:
    """The confidential values that begin up to this line.

    Written for speed: of a hundred thousand extensions each event takes no call.
    """
    read_next: Callable[[], Any] = yaml.CBaseLoader(content).get_event
    scalar, alias, mapping, sequence = (
        yaml.ScalarEvent,
        yaml.AliasEvent,
        yaml.MappingStartEvent,
        yaml.SequenceStartEvent,
    )
    document, item, key, value = _At
    outer: list[tuple[_At, bool, bool]] = []  # of each open collection: what was next, was it one, is it in brackets
    at, is_confidential = document, True  # a text without any key may be anything, a table as well
    began: _Spot | None = None  # the confidential value that is open
    depth = 0  # where it was opened
    anchored: dict[str, _Span] = {}  # texts, which may turn out to be secrets where an alias stands
    end: Any = None  # of the last thing that was closed
    try:
        while (kind := type(event := read_next())) is not yaml.StreamEndEvent:
            if kind is scalar or kind is alias:
                end = event.end_mark
                if event.anchor is not None and kind is scalar:
                    anchored[event.anchor] = (_spot(event.start_mark), _spot(end))
                elif kind is alias and (is_confidential or began is not None) and event.anchor in anchored:
                    yield anchored[event.anchor]
                if at is key:
                    at, is_confidential = value, _names_a_secret(event, unknown)
                    continue
                if is_confidential and began is None and at is not item:
                    yield (_spot(event.start_mark), _spot(end))
            elif kind is mapping or kind is sequence:
                if event.start_mark.line > last and began is None and not anchored:
                    return
                if is_confidential and began is None and at is value:
                    began, depth = _spot(event.start_mark), len(outer)
                outer.append((at, is_confidential, bool(event.flow_style)))
                at = key if kind is mapping else item
                continue
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                at, is_confidential, is_flow = outer.pop()
                end = event.end_mark if is_flow else end  # the end of a block stands where the next thing begins
                if began is not None and len(outer) == depth:
                    yield (began, _spot(end))
                    began = None
            else:
                continue
            if at is value:
                at, is_confidential = key, False
            elif at is key:
                at, is_confidential = value, True  # a key that is no plain text
    except yaml.YAMLError:  # nobody knows how what follows is meant
        ended = _spot(end) if end is not None else (0, 0)
        rest = "\n".join(lines[ended[0] : last + 1])
        if began is not None:
            yield (began, _END_OF_FILE)
        elif (is_confidential and at is value) or _CONFIDENTIAL.search(rest):
            yield (ended, _END_OF_FILE)


def _names_a_secret(key: Any, unknown: Collection[_Spot]) -> bool:  # noqa: ANN401, an event of PyYAML
    """Whether the value of a key may be a secret; so may that of a key that is no plain text."""
    if type(key) is not yaml.ScalarEvent or (unknown and _spot(key.start_mark) in unknown):
        return True
    return _reads_confidential(key.value)


@lru_cache(maxsize=4096)  # the keys of a thousand extensions are the same few
def _reads_confidential(word: str) -> bool:
    if _CONFIDENTIAL.search(word):
        return True
    return word.isalpha() and nearest(word.lower(), _CONFIDENTIAL_WORDS) is not None


def _spot(mark: Any) -> _Spot:  # noqa: ANN401, PyYAML's stubs leave open whether there is one
    return (mark.line, mark.column)
