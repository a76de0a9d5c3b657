"""Which keys and values may be shown: those of which the schema knows what they are, and that they are no secrets."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from confgen.load.confidential import is_confidential, is_undivided, sounds_confidential
from confgen.load.schema import inventory_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confgen.load.schema import Schema

ITEM = ""  # stands in a way for a place in a list
_MERGE = "<<"
_LONGEST = 400  # signs of what is shown
_SCALARS = frozenset({"string", "integer", "number", "boolean"})
_WORD = re.compile(r"[A-Za-z][A-Za-z_-]{0,29}").fullmatch  # as keys are made


class Spot:
    """A place in an inventory, as the schemas of all kinds of PBX know it. What none of them knows shows nothing."""

    def __init__(self, schemas: Sequence[Schema] = ()) -> None:
        parts = [part for schema in schemas for part in _parts(schema)]
        self._known: dict[str, list[Schema]] = {}
        for part in parts:
            for key, schema in part.get("properties", {}).items():
                self._known.setdefault(key, []).append(schema)
        self._named = [inner for part in parts if isinstance(inner := part.get("additionalProperties"), dict)]
        self._items = [part["items"] for part in parts if "items" in part]
        self._takes_scalars = any(not _SCALARS.isdisjoint(_types(part)) or "enum" in part for part in parts)
        self._below: dict[str, Spot] = {}
        self.is_known = bool(parts) and not {"file", "command"} <= self._known.keys()  # a reference is for its owner

    @cached_property
    def item(self) -> Spot:
        """The place of any item, where a list stands here."""
        return Spot(self._items) if self.is_known and self._items else NOWHERE

    @cached_property
    def _of_any_name(self) -> Spot:
        return Spot(self._named) if self._named else NOWHERE

    def below(self, key: str) -> Spot:
        """The place of the value of a key, where a mapping stands here."""
        if key not in self._known or not self.is_known:
            return self if key == _MERGE else self._of_any_name if self.is_known else NOWHERE
        if key not in self._below:
            self._below[key] = NOWHERE if is_confidential(key) else Spot(self._known[key])
        return self._below[key]

    def shows_key(self, key: str) -> bool:
        """Whether a key may be shown that stands here."""
        if not self.is_known:
            return False
        return key in self._known or _WORD(key) is not None or (bool(self._named) and _is_harmless(key))

    @property
    def shows_scalars(self) -> bool:
        """Whether a single value belongs here, or several; such as are no secrets."""
        return self.is_known and (self._takes_scalars or self.item.shows_scalars)

    def shows(self, value: object) -> bool:
        """Whether a single value may be shown that stands here."""
        return self.shows_scalars and (not isinstance(value, str) or _is_harmless(value))


def _is_harmless(text: str) -> bool:
    return len(text) <= _LONGEST and is_undivided(text) and not sounds_confidential(text)


NOWHERE = Spot()


def spot_of(way: Sequence[str | int]) -> Spot:
    """The place to which keys and places in lists lead, from the root of an inventory."""
    spot = root()
    for step in way:
        spot = spot.item if step == ITEM or isinstance(step, int) else spot.below(step)
    return spot


@lru_cache(maxsize=1)
def root() -> Spot:
    """The place of an inventory's root."""
    return Spot([inventory_schema()])


def _parts(schema: Schema) -> Iterator[Schema]:
    """A schema with those that hold beside it, always or for some."""
    yield schema
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(keyword, ()):
            yield from _parts(part)
    for keyword in ("then", "else"):
        if keyword in schema:
            yield from _parts(schema[keyword])


def _types(schema: Schema) -> Sequence[str]:
    written: str | list[str] = schema.get("type", [])
    return [written] if isinstance(written, str) else written
