"""How an object of 3CX is laid out by its template: canonical JSON, property by property. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx.objects import type_of
from confgen.model.document import TemplateSource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.drivers.threecx.objects import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A property as the template lays it out: one value, a list of texts, or an object's own properties."""

    name: str
    value: Any = None
    is_text: bool = False
    texts: tuple[str, ...] | None = None
    rows: tuple[Row, ...] | None = None


def laid_out(key: str, fields: Mapping[str, Any]) -> TemplateSource:
    """The document of an object; what is referred to among the fields is written as a text."""
    return TemplateSource(
        key=key,
        template="threecx/object.json.j2",
        values={"rows": _rows(key, fields)},
        escape=json_inside,
    )


def json_inside(value: object) -> str:
    """A value as JSON has it; a text without its quotes, which the template has."""
    told = json.dumps(value, ensure_ascii=False)
    return told[1:-1] if isinstance(value, str) else told


def _rows(key: str, fields: Mapping[str, Any], path: Path = ()) -> tuple[Row, ...]:
    return tuple(_row(key, (*path, name), fields[name]) for name in sorted(fields))


def _row(key: str, path: Path, value: object) -> Row:
    match value:
        case dict():
            return Row(name=path[-1], rows=_rows(key, value, path))
        case list():
            texts = sorted(value) if path in type_of(key).sets else value
            return Row(name=path[-1], texts=tuple(texts))
        case bool() | int():
            return Row(name=path[-1], value=value)
        case tuple():
            return _row(key, path, list(value))
        case _:  # a text, or a reference to one
            return Row(name=path[-1], value=value, is_text=True)
