"""Holds what is sent to the description of the object that it is to be, at any depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft7Validator, ValidationError

from confgen.drivers.threecx import contract
from confgen.model.version import ProductVersion
from lab.threecx.answers import INVALID, NOT_FOUND, REQUIRED, Complaint

_WARNING_BY_KEYWORD = {"additionalProperties": NOT_FOUND, "required": REQUIRED}
_OF_CREATION = {"User": ("Number",), "BlocklistAddr": ("IPAddrMask",), "Trunk": ("Number", "Gateway")}


def complaints(name: str, sent: object, version: ProductVersion, *, is_new: bool = True) -> list[Complaint]:
    """What is wrong with it; what is required counts for a new object alone."""
    found = []
    for error in _validator(name, version).iter_errors(sent):
        for one in _innermost(error):
            if one.validator == "required" and not is_new and not one.absolute_path:
                continue
            found.append(Complaint(target=_target(one), warning=_WARNING_BY_KEYWORD.get(str(one.validator), INVALID)))
    if is_new and isinstance(sent, Mapping):
        found += [
            Complaint(target=field, warning=REQUIRED) for field in _OF_CREATION.get(name, ()) if sent.get(field) is None
        ]
    return found


@cache
def _validator(name: str, version: ProductVersion) -> Draft7Validator:
    """Of the fields that this version has."""
    definitions = {}
    for other, said in contract.document()["definitions"].items():
        known = contract.fields(other, version)
        properties = {field: value for field, value in said["properties"].items() if field in known}
        definitions[other] = {**said, "properties": properties}
    return Draft7Validator({"definitions": definitions, "$ref": f"#/definitions/{name}"})


def _innermost(error: ValidationError) -> Iterator[ValidationError]:
    """Below a value that may also be null, what is wrong with the value."""
    if error.validator != "anyOf":
        yield error
        return
    of_the_value = [one for one in error.context or () if one.validator_value != "null"]
    for one in of_the_value or [error]:
        yield from _innermost(one) if one is not error else [error]


def _target(error: ValidationError) -> str:
    steps = [str(step) for step in error.absolute_path]
    sent: Any = error.instance
    schema: Any = error.schema
    if error.validator == "additionalProperties":
        steps.append(next(key for key in sent if key not in schema["properties"]))
    if error.validator == "required":
        steps.append(next(key for key in schema["required"] if key not in sent))
    return ".".join(steps) or "body"


def blanked(name: str, value: Any) -> Any:  # noqa: ANN401, any JSON
    """The same with a mask where a secret stood, for who writes down what was sent."""
    if not isinstance(value, Mapping):
        return value
    known = contract.fields(name)
    return {key: _blanked_field(known.get(key), held) for key, held in value.items()}


def _blanked_field(field: contract.Field | None, held: Any) -> Any:  # noqa: ANN401, any JSON
    if held is None:
        return None
    if field is None or (field.is_secret and field.refers_to is None):
        return "********"
    if field.refers_to is None:
        return held
    if isinstance(held, list):
        return [blanked(field.refers_to, one) for one in held]
    return blanked(field.refers_to, held)
