"""Sensitive fields of Asterisk's files, masked by what they are: the host's unknown old value too. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate, chain, islice
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import sensitive
from confgen.drivers.asterisk.configuration import Append, ConfigurationFile, Fault, Header, Line, Option, Unread, read
from confgen.drivers.asterisk.configuration.words import BLANKS, folded, octets
from confgen.model.secret import MASK

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from confgen.drivers.asterisk.sensitive import Span

_BYTE_ORDER_MARK = "\ufeff"
_PROGRAMS = (".ael", ".lua")  # of the dialplan: not in the dialect of the other files
# What begins and ends comments stays where it is, in a secret too: what the rest of the file says hangs on it.
_MARK = re.compile(r"\\;|(?<!-)-*;[-;]*")
_MOST_MARKS = 8  # of a line from which on a name is looked for that comments part
# A mask of ours, with a fingerprint as `plan` makes them: masked text stays as it is when it is masked again.
_MASKED = re.compile(
    rf"[;\-\x00-\x20]*{re.escape(MASK)}(?: \((?:[0-9a-f]{{10}}|no fingerprint yet)\))?[*;\-\x00-\x20]*"
)


def mask(key: str, text: str, fingerprint: Callable[[str], str]) -> str:
    """The text with each sensitive value as a mask and a fingerprint, which shows only that it changed."""
    if key.startswith("keys/"):
        return f"({'certificate' if key.endswith('.crt') else 'private key'}, {fingerprint(text)})\n"
    if key.lower().endswith(_PROGRAMS):
        lines = text.split("\n")
        return "\n".join(_written(line, _cut(line, 0, sensitive.in_line(line)), fingerprint) for line in lines)
    file = read(text, key)
    joined = _joined(file)
    plain = _plain(file, joined)
    section: str | None = None
    masked = []
    for line in file.lines:
        if isinstance(line.statement, Header):
            section = folded(line.statement.name)
        if _is_clear(line, plain):
            masked.append(line.raw)
        else:
            written = _written(line.raw, _secrets(key, section, line, joined), fingerprint)
            masked.append(_as_long(written, line.raw) if _is_too_long(line) else written)
    return "".join(masked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Secret:
    """A value to be masked: what a fingerprint is taken of, and the parts of the line that it stands in."""

    value: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What a line has outside its comments: its parts, and they as one text."""

    raw: str
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        return "".join(self.raw[start:stop] for start, stop in self.spans)

    def secret(self, start: int, stop: int) -> _Secret:
        """A part of the text, as a secret."""
        spans = []
        lengths = accumulate((end - begin for begin, end in self.spans), initial=0)
        for at, (begin, end) in zip(lengths, self.spans, strict=False):
            first, last = max(begin, begin + start - at), min(end, begin + stop - at)
            if first < last:
                spans.append((first, last))
        return _Secret(value=self.text[start:stop].replace("\\;", ";"), spans=tuple(spans))


def _joined(file: ConfigurationFile) -> Collection[str]:
    """Names whose values only together tell that they hold a secret, since `+=` adds to one of them."""
    statements = [said for said in file.statements() if isinstance(said, Option | Append)]
    values: dict[str, list[str]] = {folded(said.name): [] for said in statements if isinstance(said, Append)}
    for said in statements if values else ():
        if (name := folded(said.name)) in values:
            values[name].append(said.value)
    return {
        name
        for name, parts in values.items()
        if sensitive.holds_a_secret(name)
        or sensitive.may_be_mailbox(file.file, None, name)
        or sensitive.may_be_room(name)
        or any(sensitive.within("".join(parts)))
        or any("@" in part for part in parts)
    }


def _plain(file: ConfigurationFile, joined: Collection[str]) -> Collection[str]:
    """Names of options that hold no secret unless their value looks so: most, so that the others cost the time."""
    return {
        name
        for name in {said.name for said in file.statements() if isinstance(said, Option)}
        if not sensitive.holds_a_secret(name)
        and not sensitive.may_be_mailbox(file.file, None, name)
        and not sensitive.may_be_room(name)
        and folded(name) not in joined
    }


def _is_clear(line: Line, plain: Collection[str]) -> bool:
    """Whether a line holds no secret, told fast: most do not."""
    if "\0" in line.raw or (line.comments and "--;" in line.raw and "=" in line.raw):
        return False
    if any(not sensitive.is_clear(comment.text) for comment in line.comments):
        return False
    match line.statement:
        case None:
            return True
        case Option(name=name, value=value):
            return name in plain and "@" not in value and "=" not in value
        case Header():
            return sensitive.is_clear(line.raw)
        case _:
            return False


def _secrets(key: str, section: str | None, line: Line, joined: Collection[str]) -> Iterator[_Secret]:
    raw = line.raw
    end = len(raw.rstrip(BLANKS))
    kept = _kept(line, end)
    parted = frozenset(_parted(raw[:end])) if "--;" in raw and "=" in raw else frozenset()
    match line.statement:
        case Option() | Append():
            yield from _of_option(key, section, line.statement, kept, joined, parted)
        case Header():
            yield from (kept.secret(*span) for span in sensitive.in_header(kept.text))
        case None:
            pass
        case _:
            yield from (kept.secret(*span) for span in sensitive.in_line(kept.text))
            yield from _from(parted, kept.secret(0, len(kept.text)))
    for comment in line.comments:
        start = comment.place.column - 1 + _offset(line)
        stop = start + len(comment.text)
        yield from _cut(raw, start, sensitive.in_prose(comment.text))
        yield from _cut(raw, 0, ((at, stop) for at in parted if start <= at < stop))
    if "\0" in raw:  # which Asterisk takes for the line's end
        yield from _cut(raw, 0, sensitive.in_line(raw[:end]))


def _of_option(
    key: str,
    section: str | None,
    said: Option | Append,
    kept: _Kept,
    joined: Collection[str],
    parted: Collection[int],
) -> Iterator[_Secret]:
    text = kept.text
    start, stop = _value(text, said)
    value = text[start:stop]
    if not value:
        return
    name = folded(said.name)
    whole = kept.secret(start, stop)
    if name in joined or (sensitive.holds_a_secret(name) and not sensitive.names_objects(name, value)):
        yield _to_its_end(kept, whole)
        return
    yield from _from(parted, whole)
    spans = sensitive.within(value)
    if sensitive.may_be_mailbox(key, section, name):
        spans = chain(spans, sensitive.of_mailbox(key, value))
    elif sensitive.may_be_room(name):
        spans = chain(spans, sensitive.of_room(value))
    yield from (kept.secret(start + first, start + last) for first, last in spans)


def _value(text: str, said: Option | Append) -> Span:
    """Where the value stands in what a line has outside its comments."""
    first = len(text) - len(text.lstrip(BLANKS))
    start = text.index("=", first + 2 * text.startswith("\\", first)) + 1
    if isinstance(said, Option) and text.startswith(">", start):
        start += 1
    value = text[start:].strip(BLANKS)
    start = text.index(value, start)
    return start, start + len(value)


def _to_its_end(kept: _Kept, secret: _Secret) -> _Secret:
    """With what may have been meant to belong to it: a comment that begins without a blank, all after a NUL."""
    raw = kept.raw
    end = len(raw.rstrip(BLANKS))
    last = secret.spans[-1][1]
    begins_over_lines = raw.startswith(";--", last) and not raw.startswith(";---", last)
    if raw.startswith(";", last) and not begins_over_lines:
        return _Secret(value=secret.value, spans=(*secret.spans, (last, end)))
    nul = raw.find("\0")
    if 0 <= nul < end:
        return _Secret(value=secret.value, spans=(*secret.spans, (max(last, nul), end)))
    return secret


def _from(parted: Iterable[int], whole: _Secret) -> Iterator[_Secret]:
    """The rest of what stands outside comments, from where a secret would begin in it."""
    for at in parted:
        if any(first <= at < last for first, last in whole.spans):
            spans = tuple((max(at, first), last) for first, last in whole.spans if at < last)
            yield _Secret(value=whole.value, spans=spans)


def _parted(raw: str) -> Iterator[int]:
    """Where secrets would begin if no comment began before the line, or had ended sooner: comments may part names."""
    for begin in (0, *(mark.end() for mark in islice(_MARK.finditer(raw), _MOST_MARKS))):
        for line in read(raw[begin:], "").lines:
            kept = _kept(line, len(raw) - begin)
            yield from (begin + kept.secret(*span).spans[0][0] for span in sensitive.stated(kept.text))


def _cut(raw: str, start: int, spans: Iterable[Span]) -> Iterator[_Secret]:
    """Parts of text that is no option, as secrets: with the ends of comments, which their values are without."""
    for first, last in spans:
        text = raw[start + first : start + last]
        value = text.rstrip(BLANKS + ";-") if text.endswith(";") else text
        yield _Secret(value=value, spans=((start + first, start + last),))


def _offset(line: Line) -> int:
    """Columns are counted behind a byte order mark."""
    return int(line.number == 1 and line.raw.startswith(_BYTE_ORDER_MARK))


def _kept(line: Line, end: int) -> _Kept:
    raw = line.raw
    if isinstance(line.statement, Unread) and not line.comments:
        return _Kept(raw=raw, spans=((0, end),))
    offset = _offset(line)
    nul = raw.find("\0")
    end = end if nul < 0 else min(end, nul)
    starts = [comment.place.column - 1 + offset for comment in line.comments]
    stops = [start + len(comment.text) for start, comment in zip(starts, line.comments, strict=True)]
    outside = zip([offset, *stops], [*starts, end], strict=True)
    return _Kept(raw=raw, spans=tuple((start, stop) for start, stop in outside if start < stop))


def _written(raw: str, secrets: Iterable[_Secret], fingerprint: Callable[[str], str]) -> str:
    """A line with its secrets masked."""
    pieces: list[str] = []
    at = 0
    for secret in _merged(secrets):
        if _is_masked(raw, secret.spans):
            continue
        shown = f"{MASK} ({fingerprint(secret.value)})"
        for start, stop in secret.spans:
            hidden, shown = _hidden(raw[start:stop], shown)
            pieces += (raw[at:start], hidden)
            at = stop
    return "".join((*pieces, raw[at:])) if pieces else raw


def _merged(secrets: Iterable[_Secret]) -> Sequence[_Secret]:
    """In order, those that overlap as one."""
    merged: list[_Secret] = []
    for secret in sorted(secrets, key=lambda secret: (secret.spans[0][0], -secret.spans[-1][1])):
        if not merged or secret.spans[0][0] >= merged[-1].spans[-1][1]:
            merged.append(secret)
            continue
        spans: list[Span] = []
        for start, stop in sorted((*merged[-1].spans, *secret.spans)):
            if spans and start < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
            else:
                spans.append((start, stop))
        merged[-1] = _Secret(value=merged[-1].value, spans=tuple(spans))
    return merged


def _is_masked(raw: str, spans: Sequence[Span]) -> bool:
    if len(spans) > 1:
        return _MASKED.fullmatch("".join(raw[start:stop] for start, stop in spans)) is not None
    ((start, stop),) = spans
    found = _MASKED.match(raw, start)
    return found is not None and found.end() >= stop


def _is_too_long(line: Line) -> bool:
    return isinstance(line.statement, Unread) and line.statement.fault is Fault.SKIPPED


def _as_long(written: str, raw: str) -> str:
    """What Asterisk does not read since it is too long stays so, or marks of comments in it would begin to count."""
    body = written.rstrip("\r\n")
    return body + "*" * (len(octets(raw)) - len(octets(written))) + written[len(body) :]


def _hidden(text: str, shown: str) -> tuple[str, str]:
    """A part of a secret, and what is to be shown for the next one: the first that is not blank has the mask."""
    marks = [found.span() for found in _MARK.finditer(text) if found[0] != "\\;"]
    pieces: list[str] = []
    at = 0
    for start, stop in (*marks, (len(text), len(text))):
        part = text[at:start]
        kept = part.strip(BLANKS)
        if kept:
            before, after = part.index(kept), part.index(kept) + len(kept)
            pieces += (part[:before], shown or (MASK if marks else ""), part[after:])
            shown = ""
        else:
            pieces.append(part)
        pieces.append(text[start:stop])
        at = stop
    return "".join(pieces), shown
