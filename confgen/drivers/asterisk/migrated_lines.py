"""The lines of chosen sections with the templates that they are made of, as they stand. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration import Directive, Header, effective, objects, read
from confgen.drivers.asterisk.configuration.includes import FOLDER, absolute, expanded, include
from confgen.drivers.asterisk.configuration.words import folded
from confgen.drivers.asterisk.layout import MIGRATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confgen.drivers.asterisk.configuration import Line, Section
    from confgen.model.finding import Place

Added = tuple[str, str]  # an option and its value

_ROOT = "pjsip.conf"
_DEEPEST = 11


@dataclass(slots=True, kw_only=True)
class _Block:
    """A section's header, and the lines up to the next one."""

    header: Header
    lines: list[Line]
    index: int = 0
    bases: tuple[str, ...] = field(init=False)
    is_addition: bool = field(init=False)

    def __post_init__(self) -> None:
        marks = self.header.marks
        self.bases = tuple(folded(mark) for mark in marks if mark != "!" and not mark.startswith("+"))
        self.is_addition = any(mark.startswith("+") for mark in marks)


def copied(
    texts: Mapping[str, str],
    needed: Mapping[tuple[str, str], Section],
    added: Mapping[Place | None, tuple[Added, ...]],
) -> tuple[str, str | None]:
    """The text of a file with these sections of pjsip.conf, and why it would not mean the same, if it would not.

    `added` are options put behind those of a section, by its place.
    """
    blocks = tuple(_blocks(texts))
    places = {section.place for section in needed.values()}
    text = "".join(_written(block, added) for block in _chosen(blocks, places))
    return text, _difference(text, needed, added)


def _blocks(texts: Mapping[str, str]) -> Iterator[_Block]:
    block: _Block | None = None
    index = 0
    for line in _lines({absolute(name, FOLDER): (name, text) for name, text in texts.items()}, _ROOT, ()):
        if isinstance(line.statement, Header):
            if block is not None:
                yield block
            block = _Block(header=line.statement, lines=[line], index=index)
            index += 1
        elif block is not None and not isinstance(line.statement, Directive):
            block.lines.append(line)
    if block is not None:
        yield block


def _lines(files: Mapping[str, tuple[str, str]], name: str, opened: tuple[str, ...]) -> Iterator[Line]:
    """All lines as Asterisk comes to them: those of an included file where it is included."""
    path = absolute(name, FOLDER)
    if path not in files or path in opened or len(opened) == _DEEPEST:
        return
    called, text = files[path]
    for line in read(text, called).lines:
        yield line
        wanted = include(line.statement) if isinstance(line.statement, Directive) else None
        if wanted is not None:
            for included in expanded(wanted.path(), files) or ():
                yield from _lines(files, included, (*opened, path))


def _chosen(blocks: tuple[_Block, ...], places: set[Place | None]) -> Iterator[_Block]:
    """In their order: the sections, what they are made of, and what is added to either."""
    chosen = {block.index for block in blocks if block.header.place in places}
    while True:
        names = {folded(block.header.name) for block in blocks if block.index in chosen}
        more = {block.index for block in blocks if block.is_addition and folded(block.header.name) in names}
        for block in blocks:
            if block.index in chosen:
                for base in block.bases:
                    found = (other.index for other in blocks if folded(other.header.name) == base)
                    more |= set([first for first in found if first < block.index][:1])
        if more <= chosen:
            return (block for block in blocks if block.index in chosen)
        chosen |= more


def _written(block: _Block, added: Mapping[Place | None, tuple[Added, ...]]) -> str:
    lines = list(block.lines)
    while lines[-1].statement is None:  # what stands there belongs to the next section, which is not copied
        lines.pop()
    raw = "".join(line.raw if line.raw.endswith("\n") else f"{line.raw}\n" for line in lines).removeprefix("\ufeff")
    return raw + "".join(f"{name} = {value} ; confgen's\n" for name, value in added.get(block.header.place, ()))


def _difference(
    text: str, needed: Mapping[tuple[str, str], Section], added: Mapping[Place | None, tuple[Added, ...]]
) -> str | None:
    """Read it as Asterisk will."""
    if "\ufffd" in text:
        return "its lines hold octets that are no UTF-8"
    again = effective({MIGRATION: text}, MIGRATION)
    if again.problems:
        return f"its lines do not stand alone: {again.problems[0].message}"
    found = objects(again.sections)
    others = sorted(name for kind, name in found.keys() - needed.keys())
    if others:
        return f"it is made of the section {others[0]}, which would be served too"
    for (kind, name), section in needed.items():
        own = added.get(section.place, ())
        becomes = found.get((kind, name))
        if becomes is None or any(becomes.value(option) != value for option, value in own):
            return f"its {kind} {name} would not mean the same in a file of its own"
        options = list(becomes.options)
        for option, value in own:
            written = [entry for entry in options if (entry.name, entry.value) == (option, value)]
            options.remove(written[-1])
        if tuple(options) != section.options:
            return f"its {kind} {name} would not mean the same in a file of its own"
    return None
