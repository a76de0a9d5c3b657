"""Models of the same API that others generated from a description newer than 20.0.10, as a description to compare with.

The library's models hold every field to be nullable, and have no operations.
"""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

_DEFINITIONS = "#/$defs/"
_SCHEMAS = "#/components/schemas/Pbx."


@lru_cache(maxsize=1)
def generated() -> ModuleType:
    """The library's models, which take a second to load: whoever only collects tests has no need of them."""
    from threecx.models import _generated  # noqa: PLC0415

    found: ModuleType = _generated
    return found


def model(name: str) -> type[BaseModel] | None:
    """The library's model of an object."""
    models = generated()
    found = getattr(models, name, None)
    return found if isinstance(found, type) and issubclass(found, models.BaseModel) else None


def description(names: tuple[str, ...]) -> dict[str, Any]:
    """Of those objects that there are models of, in the form of OpenAPI."""
    schemas: dict[str, Any] = {}
    for name in names:
        one = model(name)
        if one is not None:
            schema = _rewritten(one.model_json_schema(by_alias=True))
            schemas |= {f"Pbx.{other}": inner for other, inner in schema.pop("$defs", {}).items()}
            schemas[f"Pbx.{name}"] = schema
    return {"components": {"schemas": schemas}}


def _rewritten(schema: Any) -> Any:  # noqa: ANN401, any JSON
    if isinstance(schema, list):
        return [_rewritten(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    options = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(options) == 1:
        return {**_rewritten(options[0]), "nullable": True}
    if "$ref" in schema:
        return {"$ref": schema["$ref"].replace(_DEFINITIONS, _SCHEMAS)}
    return {key: _rewritten(value) for key, value in schema.items()}
