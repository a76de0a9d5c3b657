"""Asterisk's configuration files read into sections and options, templates and additions worked in. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SECTION = re.compile(r"\[(?P<name>[^\]]*)\]\s*(?:\((?P<marks>[^)]*)\))?")
_COMMENT_MARK = re.compile(r"(?P<begin>;--(?!-))|--;")  # comments over several lines may hold others
_OPTION = re.compile(r"(?P<name>[^=]+?)\s*=>?\s*(?P<value>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    r"""`name = value` as Asterisk reads it: trimmed, comments gone, `\;` resolved."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One `[name]`; what its templates gave stands before its own options."""

    name: str
    options: tuple[Option, ...]

    def values(self, option: str) -> tuple[str, ...]:
        """Every value of an option, in order."""
        return tuple(entry.value for entry in self.options if entry.name == option)

    def value(self, option: str) -> str | None:
        """The value that counts: the last one."""
        return self.values(option)[-1] if self.values(option) else None


def parse(text: str) -> tuple[Section, ...]:
    """The sections of one file, in order; a template `(!)` is worked into its heirs and left out itself."""
    sections: list[tuple[str, bool, list[Option]]] = []
    for line in _lines(text):
        if (match := _SECTION.match(line)) is not None:
            name = match["name"].strip()
            marks = [mark.strip() for mark in (match["marks"] or "").split(",") if mark.strip()]
            if "+" in marks:
                last = next((entry for entry in reversed(sections) if entry[0] == name), None)
                if last is not None:
                    sections.append(last)  # the same list: what follows is added to it
                    continue
            inherited = [option for mark in marks if mark not in "!+" for option in _options_of(mark, sections)]
            sections.append((name, "!" in marks, inherited))
        elif sections and (match := _OPTION.fullmatch(line)) is not None:
            sections[-1][2].append(Option(name=match["name"].strip(), value=match["value"].strip()))
    unique = {id(entry): entry for entry in sections}.values()
    return tuple(Section(name=name, options=tuple(options)) for name, is_template, options in unique if not is_template)


def objects(sections: Iterable[Section]) -> Mapping[tuple[str, str], Section]:
    """pjsip.conf's sections by (type, name)."""
    return {(kind, section.name): section for section in sections if (kind := section.value("type")) is not None}


def _options_of(name: str, sections: Iterable[tuple[str, bool, list[Option]]]) -> list[Option]:
    return next((options for known, _, options in sections if known == name), [])


def _lines(text: str) -> Iterator[str]:
    """Lines without comments: `;` to the end of the line, `;-- … --;` over several."""
    depth = 0
    for raw in text.split("\n"):
        kept: list[str] = []
        position = 0
        while position < len(raw):
            if depth:
                mark = _COMMENT_MARK.search(raw, position)
                if mark is None:
                    break
                depth, position = depth + (1 if mark["begin"] else -1), mark.end()
            elif raw.startswith("\\;", position):
                kept.append(";")
                position += 2
            elif raw.startswith(";--", position) and not raw.startswith(";---", position):
                depth, position = 1, position + 3
            elif raw[position] == ";":
                break
            else:
                kept.append(raw[position])
                position += 1
        line = "".join(kept).strip()
        if line:
            yield line
