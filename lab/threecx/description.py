"""The description that the fake gives of itself: OpenAPI 3, as a PBX serves it, of what the fake knows."""

from __future__ import annotations

from functools import cache
from typing import Any

from confgen.drivers.threecx import contract
from confgen.drivers.threecx.contract import Field, FieldType
from confgen.model.version import ProductVersion

_PREFIX = "#/components/schemas/Pbx."


@cache
def openapi(version: ProductVersion) -> dict[str, Any]:
    """Objects and operations of a version."""
    schemas = {
        f"Pbx.{name}": {
            "type": "object",
            "properties": {one.name: _property(one) for one in contract.fields(name, version).values()},
        }
        for name in contract.objects()
        if not contract.document()["definitions"][name].get("undescribed")
    }
    paths: dict[str, dict[str, Any]] = {}
    for operation in contract.operations():
        answers: dict[str, Any] = {"responses": {"default": {"description": "as XAPI answers"}}}
        if operation.takes is not None:
            body = {"application/json": {"schema": {"$ref": f"{_PREFIX}{operation.takes}"}}}
            answers["requestBody"] = {"content": body}
        paths.setdefault(operation.path, {})[operation.method.lower()] = answers
    return {
        "openapi": "3.0.4",
        "info": {"title": "XAPI, as a contract fake knows it", "version": str(version)},
        "servers": [{"url": contract.BASE_PATH}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _property(one: Field) -> dict[str, Any]:
    said: dict[str, Any]
    if one.refers_to is not None:
        said = {"$ref": f"{_PREFIX}{one.refers_to}"}
    elif one.values:
        said = {"type": "string", "enum": list(one.values)}
    elif one.type is FieldType.MOMENT:
        said = {"type": "string", "format": "date-time"}
    else:
        said = {"type": one.type.value}
    if one.is_list:
        return {"type": "array", "items": said}
    if one.is_nullable:
        return {"allOf": [said], "nullable": True} if one.refers_to is not None else {**said, "nullable": True}
    return said
