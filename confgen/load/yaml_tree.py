"""YAML events to plain values that know their places, strictly."""

from __future__ import annotations

import io
import string
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Never

import yaml

from confgen.load.plain_scalars import Ambiguous, plain_key, plain_value
from confgen.load.showable import ITEM, spot_of
from confgen.load.unreadable import Unreadable
from confgen.load.wording import as_seen_from, shown
from confgen.load.yaml_problems import words
from confgen.model.finding import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confgen.load.sources import SourceFile

REFUSED: Final = object()  # stands where a value was that has a finding already
MAX_DEPTH = 40
MAX_ALIASED = 1_000_000  # values that aliases may stand for, together
MAX_TAG_DIRECTIVES = 100  # of one file; libyaml compares each with each
MAX_EVENTS = 10_000_000  # of one file: keys, values, and the ends of mappings and lists

# An unquoted scalar that begins so is text to every program: no null, no true or yes, no number.
_BEYOND_DOUBT = frozenset(string.ascii_letters) - frozenset("FfNnOoTtYy")
_MERGE = "<<"  # YAML 1.1, merge key language-independent type


class YamlMapping(dict[str, Any]):
    """A mapping that knows where its keys and values stand; keys are never taken out again."""

    __slots__ = ("_positions", "marks")

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[yaml.Mark] = []  # of each key and its value, in the order of the keys
        self._positions: dict[str, int] | None = None

    def put(self, key: str, value: object, key_mark: yaml.Mark, value_mark: yaml.Mark) -> None:
        """Set a value together with the marks of its key and itself."""
        if key in self:
            at = self._position(key)
            self.marks[at : at + 2] = (key_mark, value_mark)
        else:
            self.marks += (key_mark, value_mark)
        self[key] = value

    def lay_under(self, other: YamlMapping) -> None:
        """Take over what another mapping has and this one lacks, with its marks."""
        for (key, value), key_mark, value_mark in zip(other.items(), other.marks[::2], other.marks[1::2], strict=True):
            if key not in self:
                self.marks += (key_mark, value_mark)
                self[key] = value

    def key_mark(self, key: str) -> yaml.Mark:
        return self.marks[self._position(key)]

    def value_mark(self, key: str) -> yaml.Mark:
        return self.marks[self._position(key) + 1]

    def _position(self, key: str) -> int:
        if self._positions is None or key not in self._positions:
            self._positions = {known: 2 * order for order, known in enumerate(self)}
        return self._positions[key]


class YamlSequence(list[Any]):
    """A list; `marks` holds where each item stands."""

    __slots__ = ("marks",)

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[yaml.Mark] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """What one file says, and what of it is not plain YAML."""

    root: Any
    place: Place
    findings: tuple[Finding, ...]


def place_of(mark: yaml.Mark) -> Place:
    """The place of a mark, which counts from 0."""
    return Place(mark.name, mark.line + 1, mark.column + 1)


@lru_cache(maxsize=4096)
def shared_place_of(mark: yaml.Mark) -> Place:
    """The same, one for all that ask: what stands in `defaults` stands there for thousands of PBXs."""
    return place_of(mark)


def read_tree(source: SourceFile) -> Tree:
    """The values of a file; Unreadable where it is not YAML."""
    if source.content.count(b"%TAG") > MAX_TAG_DIRECTIVES:
        wrong = f"more than {MAX_TAG_DIRECTIVES} %TAG directives stand here"
        raise Unreadable("LOAD-02", source.name, wrong, "remove them: tags have no meaning in an inventory")
    reader = _Reader(source)
    try:
        return reader.tree()
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(source, error) from error
    except yaml.reader.ReaderError as error:
        line = source.content.count(b"\n", 0, error.position) + 1
        wrong = f"this is not YAML: {error.reason}"
        raise Unreadable("LOAD-02", source.name, wrong, "remove the control character", line=line) from error
    except _TooManyEvents as error:
        limit = f"a file of an inventory has at most {MAX_EVENTS:,} keys and values"
        raise Unreadable("LOAD-01", source.name, limit, "divide it into several inventories") from error


def _not_yaml(source: SourceFile, error: yaml.MarkedYAMLError) -> Unreadable:
    wrong, mend = words(error, source.content)
    mark = error.problem_mark
    return Unreadable(
        "LOAD-02",
        source.name,
        f"this is not YAML: {wrong}",
        mend,
        line=mark.line + 1 if mark else None,
        column=mark.column + 1 if mark else None,
    )


class _TooManyEvents(Exception):
    """No StopIteration: from within a generator that would be a RuntimeError."""


def _too_many() -> Never:
    raise _TooManyEvents


def _is_merge_key(event: Any) -> bool:  # noqa: ANN401, an event of PyYAML
    return type(event) is yaml.ScalarEvent and event.value == _MERGE and event.implicit[0] and event.tag is None


class _NamedBytes(io.BytesIO):
    """Bytes that tell the parser the name of their file, so that every mark knows it."""

    def __init__(self, source: SourceFile) -> None:
        super().__init__(source.content)
        self.name = source.name


class _Anchored(NamedTuple):
    """What an alias stands for."""

    value: Any
    size: int  # values, itself included
    depth: int  # mappings and lists within one another; 0 of a scalar


class _Reader:
    """One pass over the events of one file."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        events = iter(yaml.CBaseLoader(_NamedBytes(source)).get_event, None)
        self._next: Callable[[], Any] = chain(islice(events, MAX_EVENTS), iter(_too_many, None)).__next__
        self._findings: list[Finding] = []
        self._keys: list[str] = []  # on the way to where we are
        self._anchors: dict[str, _Anchored | None] = {}  # None while it is being read
        self._agreed_keys: set[str] = set()  # unquoted ones that were looked at already
        self._values_read = 0
        self._values_aliased = 0
        self._deepest = 0  # that anything was nested, what aliases stand for included, since an anchor began
        self._is_full = False  # of aliased values

    def tree(self) -> Tree:
        self._next()  # the start of the stream
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            raise Unreadable("LOAD-01", self._source.name, "the file is empty", "write one with `confgen init`")
        event = self._next()
        place = place_of(event.start_mark)
        root = self._value(event)
        self._next()  # the end of the document
        if isinstance(event := self._next(), yaml.DocumentStartEvent):
            self._report(
                "LOAD-05",
                event.start_mark,
                "a second document begins here",
                "remove the line `---`, or put the document into a file of its own in a folder",
            )
            while not isinstance(event, yaml.StreamEndEvent):  # what follows must still be YAML
                event = self._next()
        return Tree(root=root, place=place, findings=tuple(self._findings))

    def _value(self, event: Any) -> Any:  # noqa: ANN401, an event of PyYAML; a value of YAML
        kind = type(event)
        if kind is yaml.AliasEvent:
            return self._aliased(event)
        self._values_read += 1
        if event.tag is not None:
            self._report("LOAD-05", event.start_mark, "tags have no meaning in an inventory", "remove the tag")
            self._skip(event)
            return REFUSED
        if event.anchor is None:
            return self._plain_node(event, kind)
        size_before = self._values_read + self._values_aliased
        deepest_before, self._deepest = self._deepest, len(self._keys)
        self._anchors[event.anchor] = None
        value = self._plain_node(event, kind)
        size = self._values_read + self._values_aliased - size_before + 1
        self._anchors[event.anchor] = _Anchored(value, size, self._deepest - len(self._keys))
        self._deepest = max(self._deepest, deepest_before)
        return value

    def _plain_node(self, event: Any, kind: type) -> Any:  # noqa: ANN401
        if kind is yaml.ScalarEvent:
            if not event.implicit[0]:
                return event.value
            try:
                return plain_value(event.value)
            except Ambiguous as ambiguous:
                self._ask_for_quotes(event, str(ambiguous), is_shown=spot_of(self._keys).shows(event.value))
                return REFUSED
        if self._is_too_deep(event, 1):
            self._skip(event)
            return REFUSED
        return self._mapping() if kind is yaml.MappingStartEvent else self._sequence()

    def _is_too_deep(self, event: Any, levels: int) -> bool:  # noqa: ANN401
        """Whether so many levels more are beyond what is read, which is told; else they are counted."""
        depth = len(self._keys) + levels
        if depth > MAX_DEPTH:
            wrong = f"values are nested more than {MAX_DEPTH} deep"
            self._report("LOAD-05", event.start_mark, wrong, "write it flatter")
            return True
        self._deepest = max(self._deepest, depth)
        return False

    def _mapping(self) -> YamlMapping:
        # Written for speed: what nearly every key and value is takes no call.
        mapping = YamlMapping()
        add_mark = mapping.marks.append
        read_next = self._next
        keys, agreed_keys = self._keys, self._agreed_keys
        scalar, end, beyond_doubt = yaml.ScalarEvent, yaml.MappingEndEvent, _BEYOND_DOUBT
        merged: tuple[YamlMapping, ...] | None = None
        while type(event := read_next()) is not end:
            key: str | None
            if not (
                type(event) is scalar
                and ((key := event.value) in agreed_keys or event.implicit[1])
                and event.tag is None
                and event.anchor is None
            ):
                if merged is None and _is_merge_key(event):
                    merged = tuple(self._merged(read_next()))
                    continue
                key = self._key(event)
            value = read_next()
            if key is None or key in mapping:
                self._skip_entry(mapping, key, event, value)
                continue
            add_mark(event.start_mark)
            add_mark(value.start_mark)
            if (
                type(value) is scalar
                and (value.value[:1] in beyond_doubt or value.implicit[1])
                and value.tag is None
                and value.anchor is None
            ):
                self._values_read += 1
                mapping[key] = value.value
            else:
                keys.append(key)
                mapping[key] = self._value(value)
                keys.pop()
        for other in merged or ():
            mapping.lay_under(other)
        return mapping

    def _merged(self, event: Any) -> Iterator[YamlMapping]:  # noqa: ANN401
        """The mappings that a merge key stands for, the one that counts most first."""
        self._keys.append(_MERGE)
        value = self._value(event)
        self._keys.pop()
        is_list = isinstance(value, YamlSequence)
        for other, mark in zip(value, value.marks, strict=True) if is_list else ((value, event.start_mark),):
            if isinstance(other, YamlMapping):
                yield other
            elif other is not REFUSED:
                wrong = f"{_MERGE} merges mappings, and this is none"
                self._report("LOAD-19", mark, wrong, f"write {_MERGE}: *NAME, with the anchor of a mapping")

    def _skip_entry(self, mapping: YamlMapping, key: str | None, event: Any, value: Any) -> None:  # noqa: ANN401
        if key is not None:
            first = as_seen_from(place_of(event.start_mark), place_of(mapping.key_mark(key)))
            what = f"the key {shown(key)}" if spot_of(self._keys).shows_key(key) else "a key"
            wrong = f"{what} stands twice, first {first}"
            self._report("LOAD-03", event.start_mark, wrong, "remove one of the two")
        self._skip(value)

    def _sequence(self) -> YamlSequence:
        sequence = YamlSequence()
        add_mark = sequence.marks.append
        read_next = self._next
        scalar, end, beyond_doubt = yaml.ScalarEvent, yaml.SequenceEndEvent, _BEYOND_DOUBT
        self._keys.append(ITEM)
        while type(event := read_next()) is not end:
            add_mark(event.start_mark)
            if (
                type(event) is scalar
                and (event.value[:1] in beyond_doubt or event.implicit[1])
                and event.tag is None
                and event.anchor is None
            ):
                self._values_read += 1
                sequence.append(event.value)
            else:
                sequence.append(self._value(event))
        self._keys.pop()
        return sequence

    def _key(self, event: Any) -> str | None:  # noqa: ANN401
        if type(event) is not yaml.ScalarEvent:
            self._report("LOAD-05", event.start_mark, "a key must be plain text", "write the key out")
            self._skip(event)
            return None
        text: str = event.value
        if event.tag is not None:
            self._report("LOAD-05", event.start_mark, "tags have no meaning in an inventory", "remove the tag")
        elif event.implicit[0]:
            if text == _MERGE:
                mend = f"write one with a list: {_MERGE}: [*ONE, *OTHER]"
                self._report("LOAD-03", event.start_mark, f"the key {_MERGE} stands twice", mend)
                return None
            try:
                self._agreed_keys.add(plain_key(text))
            except Ambiguous as ambiguous:
                self._ask_for_quotes(event, str(ambiguous), is_shown=spot_of(self._keys).shows_key(text))
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(text, 1, 0)
        return text

    def _aliased(self, event: Any) -> Any:  # noqa: ANN401
        if event.anchor not in self._anchors:
            self._report("LOAD-05", event.start_mark, "this alias has no anchor", "put the text in quotes")
            return REFUSED
        aliased = self._anchors[event.anchor]
        if aliased is None:
            self._report("LOAD-05", event.start_mark, "this alias contains itself", "write the values out")
            return REFUSED
        if self._is_too_deep(event, aliased.depth):
            return REFUSED
        if self._values_aliased + aliased.size > MAX_ALIASED:
            if self._is_full:
                return REFUSED
            self._is_full = True
            wrong = f"aliases stand for more than {MAX_ALIASED:,} values"
            self._report("LOAD-05", event.start_mark, wrong, "use `groups`, or write the values out")
            return REFUSED
        self._values_aliased += aliased.size
        return aliased.value

    def _skip(self, event: Any) -> None:  # noqa: ANN401
        """Read on to the end of a value that begins with this event."""
        depth = 0
        starts = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        while True:
            depth += isinstance(event, starts) - isinstance(event, ends)
            if depth == 0:
                return
            event = self._next()

    def _ask_for_quotes(self, event: Any, why: str, *, is_shown: bool) -> None:  # noqa: ANN401
        what, mend = (event.value, f'quote it: "{event.value}"') if is_shown else ("what stands here", "quote it")
        self._report("LOAD-04", event.start_mark, f"{what} is ambiguous: {why}", mend)

    def _report(self, code: str, mark: Any, message: str, mend: str) -> None:  # noqa: ANN401
        pbx = self._keys[1] if len(self._keys) > 1 and self._keys[0] == "pbxs" and self._keys[1] != _MERGE else None
        self._findings.append(Finding(code=code, message=message, mend=mend, place=place_of(mark), pbx=pbx))


def marked_items(sequence: YamlSequence) -> Iterator[tuple[Any, Place]]:
    """Each item with its place."""
    for item, mark in zip(sequence, sequence.marks, strict=True):
        yield item, place_of(mark)
