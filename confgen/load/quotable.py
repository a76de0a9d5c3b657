"""Lines of an inventory as they may be shown beside findings: whatever may be a secret in them is blanked."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
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
_CONFIDENTIAL = re.compile(r"secr|pass|pwd|token|credential|psk|private|\bpin\b|\bkey\b", re.IGNORECASE)
_CONFIDENTIAL_WORDS = ("secret", "password", "passphrase", "token", "credentials")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # as libyaml counts lines

_Spot = tuple[int, int]  # line and column, from 0
_Span = tuple[_Spot, _Spot]  # from the first up to the second
_END_OF_FILE: _Spot = (2**62, 0)


def quotes(content: bytes, places: Collection[Place], *, unknown_keys: Collection[Place]) -> Mapping[Place, Quote]:
    """The lines at these places of one YAML file, as far as it has them.

    Blanked are the values of keys that are, or read like, a secret's, and those of `unknown_keys`: nobody knows what
    they hold.
    """
    if not places:
        return {}
    lines = _LINE_END.split(content.decode(errors="replace"))
    unknown = {(place.line - 1, place.column - 1) for place in unknown_keys}
    last = max(place.line for place in places) - 1
    spans_by_line = _by_line(_Walk(content, lines, unknown).spans(last), {place.line - 1 for place in places})
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
    for begin, end in spans:
        if done <= column < begin:
            at = len(text) + column - done
        text += line[done:begin]
        done = len(line) if end is None else end
        if begin <= column < done:
            at = len(text)
        text += BLANK if done > begin else ""
    if at is None:
        at = len(text) + column - done
    text += line[done:]
    comment = _COMMENT.search(text)
    if comment is not None and _CONFIDENTIAL.search(comment[0]):
        text = f"{text[: comment.start()]}# {BLANK}"
    return Quote(text=text, column=min(at, len(text)) + 1)


@dataclass(slots=True)
class _Frame:
    """A mapping or a list that is open."""

    is_mapping: bool
    is_flow: bool
    is_at_key: bool = True
    is_confidential: bool = False  # what comes next, because of its key


@dataclass(slots=True)
class _Walk:
    """One pass over the events of a file, as far as is needed."""

    content: bytes
    lines: Sequence[str]
    unknown: Collection[_Spot]
    _frames: list[_Frame] = field(default_factory=list)
    _began: _Spot | None = None  # the confidential value that is open
    _depth: int = 0  # of frames, where it was opened
    _ended: _Spot = (0, 0)  # the last value that is no collection

    def spans(self, last: int) -> Iterator[_Span]:
        """The confidential values that begin up to this line, in their order."""
        read_next: Callable[[], Any] = yaml.CBaseLoader(self.content).get_event
        try:
            while not isinstance(event := read_next(), yaml.StreamEndEvent):
                if event.start_mark.line > last and self._began is None:
                    return
                if (span := self._take(event)) is not None:
                    yield span
        except yaml.YAMLError:  # nobody knows how what follows is meant
            rest = "\n".join(self.lines[self._ended[0] : last + 1])
            if self._began is not None:
                yield (self._began, _END_OF_FILE)
            elif self._is_confidential() or _CONFIDENTIAL.search(rest):
                yield (self._ended, _END_OF_FILE)

    def _take(self, event: Any) -> _Span | None:  # noqa: ANN401, an event of PyYAML
        match event:
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                if self._began is None and self._is_confidential():
                    self._began, self._depth = _spot(event.start_mark), len(self._frames)
                is_mapping = isinstance(event, yaml.MappingStartEvent)
                self._frames.append(_Frame(is_mapping=is_mapping, is_flow=bool(event.flow_style)))
                return None
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                if self._frames.pop().is_flow:  # the end of a block stands where the next thing begins
                    self._ended = _spot(event.end_mark)
                return self._completed(event)
            case yaml.ScalarEvent() | yaml.AliasEvent():
                is_value = self._began is None and self._is_confidential()
                if is_value:
                    self._began, self._depth = _spot(event.start_mark), len(self._frames)
                self._ended = _spot(event.end_mark)
                return self._completed(event)
            case _:
                return None

    def _completed(self, event: Any) -> _Span | None:  # noqa: ANN401
        """After a key or a value; a span where it was a confidential one."""
        span = None
        if self._began is not None and len(self._frames) == self._depth:
            span, self._began = (self._began, max(self._began, self._ended)), None
        if self._frames and self._frames[-1].is_mapping:
            frame = self._frames[-1]
            frame.is_confidential = frame.is_at_key and self._names_a_secret(event)
            frame.is_at_key = not frame.is_at_key
        return span

    def _is_confidential(self) -> bool:
        return bool(self._frames) and self._frames[-1].is_confidential

    def _names_a_secret(self, key: Any) -> bool:  # noqa: ANN401
        """Whether the value of a key may be a secret; so may that of a key that is no plain text."""
        if not isinstance(key, yaml.ScalarEvent) or _spot(key.start_mark) in self.unknown:
            return True
        return _reads_confidential(key.value)


@lru_cache(maxsize=4096)  # the keys of a thousand extensions are the same few
def _reads_confidential(word: str) -> bool:
    if _CONFIDENTIAL.search(word):
        return True
    return word.isalpha() and nearest(word.lower(), _CONFIDENTIAL_WORDS) is not None


def _spot(mark: Any) -> _Spot:  # noqa: ANN401, PyYAML's stubs leave open whether there is one
    return (mark.line, mark.column)
