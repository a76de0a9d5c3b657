"""Values and places of an inventory in the words of a sentence."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from confgen.load.confidential import is_undivided
from confgen.load.tables import is_table
from confgen.model.words import count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confgen.model.finding import Place

_LONGEST_SHOWN = 60  # signs of a value


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.7)
    return close[0] if close else None


def shown(value: object) -> str:
    """A value on one line, and not too long."""
    text = f'"{value}"' if isinstance(value, str) and value.isprintable() else repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def as_seen_from(here: Place, there: Place) -> str:
    """Where another place is: the line is enough within one file."""
    return f"in line {there.line}" if here.file == there.file else f"at {there}"


def extension_at(place: Place, key: str) -> str:
    """An extension by its number; by its place alone where a table holds it: its column may be one of anything."""
    return "this extension" if is_table(place.file) else f"extension {key}"


def subject_of(path: tuple[str | int, ...]) -> str:
    """What stands at the end of this path."""
    match path:
        case ():
            return "the inventory"
        case (*_, str(key)) if is_undivided(key):
            return f"`{key}`"
        case (*_, str(key), int(_)) if is_undivided(key):
            return f"an item of `{key}`"
        case (*_, str(_)):
            return "the value of a key"
        case _:
            return "an item of a list"


def kind_of(value: object, *, is_hidden: bool) -> str:
    """What a value is, and which one unless it must be hidden."""
    match value:
        case None:
            kind = "empty"
        case bool():
            kind = "true" if value else "false"
        case int():
            kind = "a number" if is_hidden else f"the number {value}"
        case str():
            kind = "a text" if is_hidden else f"the text {shown(value)}"
        case dict():
            kind = f"a mapping with {count(len(value), 'key')}" if value else "an empty mapping"
        case list():
            kind = f"a list of {count(len(value), 'item')}" if value else "an empty list"
        case _:
            kind = "something else"
    return kind
