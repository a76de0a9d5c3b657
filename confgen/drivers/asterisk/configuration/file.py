"""A configuration file line by line, of which nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration.line import split
from confgen.drivers.asterisk.configuration.statement import Fault, Statement, Unread, statement
from confgen.drivers.asterisk.configuration.words import BLANKS, octets
from confgen.model.finding import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

_BYTE_ORDER_MARK = "\ufeff"
_LONGEST = 8190  # octets that fit into Asterisk's buffer with the line's end
_MOST_OCTETS = 4  # that one sign of UTF-8 has


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment, or what one over several lines has of one line, marks included."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A physical line as it stands, its end included; what it says, if anything; its comments."""

    number: int
    raw: str
    statement: Statement | None
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationFile:
    """Every line of a file; together they are the file."""

    file: str
    lines: tuple[Line, ...]
    depth: int = 0  # of the comments over several lines that are open at the end; negative where one more was closed
    open_since: Place | None = None

    @property
    def text(self) -> str:
        return "".join(line.raw for line in self.lines)

    @property
    def content(self) -> bytes:
        """The octets that were read."""
        return octets(self.text)

    def statements(self) -> Iterator[Statement]:
        """All that the file says, in order."""
        return (line.statement for line in self.lines if line.statement is not None)

    def comments(self) -> Iterator[Comment]:
        return (comment for line in self.lines for comment in line.comments)


def read(content: str | bytes, file: str, *, after: ConfigurationFile | None = None) -> ConfigurationFile:
    """Read a file; octets outside UTF-8 are kept as surrogates, as Python does with names of files.

    Asterisk reads the files of one pattern as if they were one, so each goes on with the comments of the one `after`
    which it comes, and its byte order mark is none.
    """
    text = content if isinstance(content, str) else content.decode("utf-8", "surrogateescape")
    lines: list[Line] = []
    depth = 0 if after is None else after.depth
    open_since: Place | None = None
    for number, body in enumerate(text.split("\n"), start=1):
        raw = body + "\n"
        if number == 1 and after is None:
            body = body.removeprefix(_BYTE_ORDER_MARK)  # noqa: PLW2901  what follows it stands in column 1
        if not depth and ";" not in body and "\0" not in body and len(body) <= _LONGEST // _MOST_OCTETS:
            kept = body.strip(BLANKS)
            says = statement(kept, Place(file, number, body.index(kept) + 1)) if kept else None
            lines.append(Line(number=number, raw=raw, statement=says))
            continue
        line, depth_after = _line(raw, body, Place(file, number, 1), depth)
        lines.append(line)
        if depth_after and not depth:
            open_since = line.comments[-1].place if line.comments else Place(file, number, 1)
        depth = depth_after
    last = lines.pop()  # what follows the last line's end: nothing, or a line without one
    if len(last.raw) > 1:
        lines.append(Line(number=last.number, raw=last.raw[:-1], statement=last.statement, comments=last.comments))
    return ConfigurationFile(file=file, lines=tuple(lines), depth=depth, open_since=open_since if depth else None)


def _line(raw: str, body: str, place: Place, depth: int) -> tuple[Line, int]:
    """A line that is not a statement alone, and the depth after it."""
    if len(octets(body)) > _LONGEST:
        too_long = Unread(place=place, message=f"the line has more than {_LONGEST} octets", fault=Fault.SKIPPED)
        return Line(number=place.line, raw=raw, statement=too_long), depth
    found = split(body.partition("\0")[0], depth)
    says: Statement | None = None
    if found.is_endless:
        message = "too many comments stand in comments: Asterisk would never come to an end"
        says = Unread(place=place, message=message, fault=Fault.ENDLESS)
    elif found.text:
        says = statement(found.text, Place(place.file, place.line, found.offset + 1))
    comments = tuple(Comment(place=Place(place.file, place.line, at + 1), text=text) for at, text in found.comments)
    return Line(number=place.line, raw=raw, statement=says, comments=comments), found.depth
