"""Effective sections with their options, and pjsip.conf's objects among them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration.words import folded
from confgen.model.finding import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    r"""`name = value` as Asterisk reads it: trimmed, comments gone, `\;` resolved. Equal wherever it stands."""

    name: str
    value: str
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One `[name]`; what its templates gave stands before its own options. Equal wherever it stands."""

    name: str
    options: tuple[Option, ...]
    place: Place | None = field(default=None, compare=False)

    def values(self, option: str) -> tuple[str, ...]:
        """Every value of an option, in order; Asterisk does not tell capital letters in an option's name."""
        wanted = folded(option)
        return tuple(entry.value for entry in self.options if folded(entry.name) == wanted)

    def value(self, option: str) -> str | None:
        """The value that counts: the last one."""
        values = self.values(option)
        return values[-1] if values else None


def objects(sections: Iterable[Section]) -> Mapping[tuple[str, str], Section]:
    """pjsip.conf's sections by (type, name); of several types Asterisk takes the first."""
    return {(types[0], section.name): section for section in sections if (types := section.values("type"))}
