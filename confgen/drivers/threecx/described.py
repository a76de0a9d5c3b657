"""What a description of XAPI says otherwise than the contract that confgen holds to: field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from confgen.drivers.threecx import contract
from confgen.drivers.threecx.contract import Field, FieldType
from confgen.model.version import ProductVersion

_SCHEMAS = "#/components/schemas/"
_BODIES = "#/components/requestBodies/"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Difference:
    """One thing that is not as the contract has it."""

    place: str  # Trunk.Gateway, POST /Users
    what: str  # "nullable", "type" …
    expected: str  # by the contract
    described: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}: {self.described}, where the contract has {self.expected}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    """A field as a description has it, whatever its type is called there."""

    type: str
    is_list: bool
    is_nullable: bool
    values: tuple[str, ...]
    refers_to: str | None


def differences(description: Mapping[str, Any], version: ProductVersion) -> tuple[Difference, ...]:
    """What an OpenAPI description of that version lacks or has otherwise; what confgen does not use does not count."""
    return (*_of_operations(description), *_of_objects(description, version))


def _of_operations(description: Mapping[str, Any]) -> Iterator[Difference]:
    paths = description.get("paths", {})
    for operation in contract.operations():
        if operation.method.lower() not in paths.get(operation.path, {}):
            yield _lacking(f"{operation.method} {operation.path}", "operation")


def _of_objects(description: Mapping[str, Any], version: ProductVersion) -> Iterator[Difference]:
    for name in contract.objects():
        said = contract.document()["definitions"][name]
        if said.get("undescribed"):
            continue
        properties = _properties_of(description, name)
        if properties is None:
            yield _lacking(name, "object")
            continue
        known = contract.fields(name, version)
        for field in contract.fields(name).values():
            place = f"{name}.{field.name}"
            if field.name in known and field.name not in properties:
                yield _lacking(place, "field")
            elif field.name in known:
                yield from _of_field(place, field, _described_field(description, properties[field.name]))
            elif field.name in properties:
                yield Difference(place=place, what="field", expected=f"none before {field.since}", described="there")


def _lacking(place: str, what: str) -> Difference:
    return Difference(place=place, what=what, expected="one", described="none")


def _of_field(place: str, ours: Field, theirs: _Described) -> Iterator[Difference]:
    compared = {
        "list": (_word(ours.is_list), _word(theirs.is_list)),
        "type": (ours.type.value, theirs.type),
        "nullable": (_word(ours.is_nullable), _word(theirs.is_nullable)),
        "object": (ours.refers_to or "none", theirs.refers_to or "none"),
    }
    for what, (expected, described) in compared.items():
        if expected != described:
            yield Difference(place=place, what=what, expected=expected, described=described)
    if bool(ours.values) is not bool(theirs.values):
        expected, described = (_word(bool(one.values)) for one in (ours, theirs))
        yield Difference(place=place, what="one of some values", expected=expected, described=described)
    else:
        yield from _of_values(place, ours.values, theirs.values)


def _of_values(place: str, ours: tuple[str, ...], theirs: tuple[str, ...]) -> Iterator[Difference]:
    for value in sorted(set(ours) - set(theirs)):
        yield _lacking(f"{place} = {value}", "value")
    for value in sorted(set(theirs) - set(ours)):
        yield Difference(place=f"{place} = {value}", what="value", expected="none", described="one")


def _word(is_so: bool) -> str:  # noqa: FBT001 -- it is what is worded
    return "yes" if is_so else "no"


def _properties_of(description: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """Of an object by its own name, whatever namespace stands before it, or of a body that an operation takes."""
    schemas: Mapping[str, Any] = description.get("components", {}).get("schemas", {})
    for full_name, schema in schemas.items():
        if full_name.rpartition(".")[2] == name:
            return _properties(description, schema)
    for operation in contract.operations():
        if operation.takes == name:
            taking = description.get("paths", {}).get(operation.path, {}).get(operation.method.lower(), {})
            body = _body(description, taking.get("requestBody", {}))
            return None if body is None else _properties(description, body) or None
    return None


def _body(description: Mapping[str, Any], body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if "$ref" in body:
        body = description["components"]["requestBodies"][body["$ref"].removeprefix(_BODIES)]
    found: Mapping[str, Any] | None = body.get("content", {}).get("application/json", {}).get("schema")
    return found


def _properties(description: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Those that it inherits too."""
    if "$ref" in schema:
        return _properties(description, _referred(description, schema["$ref"]))
    found: dict[str, Any] = {}
    for part in schema.get("allOf", ()):
        found |= _properties(description, part)
    found |= schema.get("properties", {})
    return found


def _referred(description: Mapping[str, Any], reference: str) -> Mapping[str, Any]:
    """Nothing, where the description refers to what it has not."""
    schema: Mapping[str, Any] = description["components"]["schemas"].get(reference.removeprefix(_SCHEMAS), {})
    return schema


def _described_field(description: Mapping[str, Any], schema: Mapping[str, Any]) -> _Described:
    is_nullable = bool(schema.get("nullable", False))
    is_list = schema.get("type") == "array"
    held = schema.get("items", {}) if is_list else schema
    reference = held.get("$ref")
    for option in (*held.get("allOf", ()), *held.get("anyOf", ()), *held.get("oneOf", ())):
        reference = reference or option.get("$ref")
        held = held if reference else option
    if reference is not None:
        held = _referred(description, reference)
    values = tuple(word for word in held.get("enum", ()) if word is not None)
    is_object = reference is not None and not values
    return _Described(
        type=FieldType.OBJECT.value if is_object else _type(held),
        is_list=is_list,
        is_nullable=is_nullable,
        values=values,
        refers_to=reference.rpartition("/")[2].rpartition(".")[2] if reference is not None and is_object else None,
    )


def _type(schema: Mapping[str, Any]) -> str:
    is_moment = schema.get("format") == FieldType.MOMENT.value
    return FieldType.MOMENT.value if is_moment else str(schema.get("type", FieldType.OBJECT.value))
