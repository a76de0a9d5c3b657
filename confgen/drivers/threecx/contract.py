"""The part of 3CX's Configuration API that confgen uses: its objects, field by field and version by version.

It is read from `schemas/threecx-api.schema.json`, whose comment says where it was taken from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any

from confgen.model.version import ProductVersion
from confgen.resources import schema_text

BASE_PATH = "/xapi/v1"  # of every operation
MOST_AT_ONCE = 100  # what `$top` may ask for
PRODUCT_VERSION_HEADER = "x-3cx-version"  # as `ApiAnswer.headers` spells it
FAKE_HEADER = "x-contract-fake"  # likewise; says in words that what answers plays a 3CX, and is none

_REFERENCE = "#/definitions/"
_NULL = {"type": "null"}


class FieldType(Enum):
    """What a field holds, or each of its items where it is a list."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    MOMENT = "date-time"  # a string as RFC 3339 has it
    OBJECT = "object"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of one object."""

    name: str
    type: FieldType
    is_list: bool = False
    is_nullable: bool = False
    values: tuple[str, ...] = ()  # those that it may have; empty where any may be
    refers_to: str | None = None  # the object that it holds
    is_read_only: bool = False  # set by the PBX alone
    is_fixed: bool = False  # said when the object is made, and never changed again
    is_secret: bool = False  # never asked for: a reading selects without it
    is_expanded: bool = False  # answered only where `$expand` names it
    since: ProductVersion | None = None  # None: as early as V20

    def is_known_to(self, version: ProductVersion) -> bool:
        """Whether a PBX of that version has the field."""
        return self.since is None or self.since <= version


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One request that confgen makes; the path stands below BASE_PATH, with names in braces for what varies."""

    method: str
    path: str
    takes: str | None = None  # the object in its body
    answers: str | None = None  # the object in its answer
    answers_many: bool = False  # a list of them, under `value`


def objects() -> tuple[str, ...]:
    """The name of every object."""
    return tuple(document()["definitions"])


def fields(name: str, version: ProductVersion | None = None) -> Mapping[str, Field]:
    """The fields of an object by name: all that a PBX of that version has, or all there are. KeyError for no object."""
    known = _fields(name)
    if version is None:
        return known
    return {field.name: field for field in known.values() if field.is_known_to(version)}


def readable(name: str, version: ProductVersion) -> tuple[str, ...]:
    """What `$select` may name of an object without any secret being told."""
    return tuple(
        field.name for field in fields(name, version).values() if not field.is_secret and not field.is_expanded
    )


@cache
def operations() -> tuple[Operation, ...]:
    """Every request that confgen makes."""
    return tuple(
        Operation(
            method=said["method"],
            path=said["path"],
            takes=said.get("takes"),
            answers=said.get("answers"),
            answers_many=said.get("many", False),
        )
        for said in document()["operations"]
    )


@cache
def document() -> Mapping[str, Any]:
    """The whole JSON Schema, to be read only."""
    return MappingProxyType(json.loads(schema_text("threecx-api")))


@cache
def _fields(name: str) -> Mapping[str, Field]:
    whole = document()["definitions"][name]
    is_read_only = whole.get("readOnly", False)
    return MappingProxyType(
        {
            field_name: _field(field_name, said, is_read_only=is_read_only)
            for field_name, said in whole["properties"].items()
        }
    )


def _field(name: str, said: Mapping[str, Any], *, is_read_only: bool) -> Field:
    is_list = said.get("type") == "array"
    held = said["items"] if is_list else said
    options = held.get("anyOf", [held])
    (value,) = (option for option in options if option != _NULL)
    words = value.get("enum") or ([value["const"]] if "const" in value else [])
    types = value.get("type", "string")
    type_names = [types] if isinstance(types, str) else types
    reference = value.get("$ref")
    return Field(
        name=name,
        type=_type(value, type_names),
        is_list=is_list,
        is_nullable=_NULL in options or "null" in type_names or None in words,
        values=tuple(word for word in words if word is not None),
        refers_to=None if reference is None else reference.removeprefix(_REFERENCE),
        is_read_only=is_read_only or said.get("readOnly", False),
        is_fixed=said.get("fixed", False),
        is_secret=said.get("secret", False),
        is_expanded=said.get("expanded", False),
        since=ProductVersion.parse(said["since"]) if "since" in said else None,
    )


def _type(value: Mapping[str, Any], type_names: list[str]) -> FieldType:
    if "$ref" in value:
        return FieldType.OBJECT
    if value.get("format") == "date-time":
        return FieldType.MOMENT
    return FieldType(next(name for name in type_names if name != "null"))
