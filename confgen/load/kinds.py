"""What each kind of PBX knows, and what is passed over for it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from jsonschema import Draft7Validator

from confgen.load.schema import Schema, inventory_schema
from confgen.load.settings import is_reference, merged, value_at
from confgen.load.yaml_tree import REFUSED, YamlMapping, YamlSequence, place_of
from confgen.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import yaml

    from confgen.model.driver import Traits
    from confgen.model.inventory import Pbx


class Product(Protocol):
    """What loading needs to know of a product; a driver gives it."""

    @property
    def traits(self) -> Traits:
        """What it is like."""

    def findings(self, pbx: Pbx, /) -> Sequence[Finding]:
        """What it cannot do, in the declared version. Pure."""


class PassedOver(NamedTuple):
    """What the settings of all, or of a group, ask for and a kind of PBX cannot do."""

    way: tuple[str, ...]  # the keys that lead to it
    lack: Mapping[str, str]
    mark: yaml.Mark

    def finding(self, title: str) -> Finding:
        """Told once, whichever PBX it is passed over for."""
        return Finding(
            code=self.lack["code"],
            message=f"`{self.way[-1]}` is passed over for {title}: {self.lack['reason']}",
            mend="write it in a group of those PBXs that can do it, and it is not told any more",
            severity=Severity(self.lack["told"]),
            place=place_of(self.mark),
        )


@lru_cache(maxsize=16)
def schema_of(kind: str) -> Schema:
    """The schema of one kind of PBX."""
    schemas = inventory_schema()["properties"]["pbxs"]["additionalProperties"]["allOf"]
    found: Schema = next(one["then"] for one in schemas if one["if"]["properties"]["kind"]["const"] == kind)
    return found


def knows(kind: str, *keys: str) -> bool:
    """Whether a PBX of this kind has such a setting."""
    schema = schema_of(kind)
    for key in keys:
        schema = schema.get("properties", {}).get(key)
        if schema is None:
            return False
    return True


class Layers:
    """The settings of all and of groups as each kind of PBX knows them, sifted once however many PBXs have them."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[YamlMapping, tuple[PassedOver, ...]]] = {}

    def merged(self, kind: str, layers: Iterable[object], pbx: YamlMapping) -> tuple[YamlMapping, tuple[Finding, ...]]:
        """What this kind knows of the layers, with the PBX's own over them.

        What is asked for in vain is told, unless the PBX itself says otherwise.
        """
        known = [self._of(kind, layer) for layer in layers if isinstance(layer, YamlMapping)]
        told = [lost for _, passed_over in known for lost in passed_over if value_at(pbx, *lost.way) is None]
        title = schema_of(kind)["title"]
        return merged([*(layer for layer, _ in known), pbx]), tuple(lost.finding(title) for lost in told)

    def _of(self, kind: str, layer: YamlMapping) -> tuple[YamlMapping, tuple[PassedOver, ...]]:
        found = self._known.get((kind, id(layer)))
        if found is None:
            told: list[PassedOver] = []
            found = self._known[kind, id(layer)] = (_known(layer, schema_of(kind), (), told), tuple(told))
        return found


def _known(layer: YamlMapping, schema: Schema, way: tuple[str, ...], told: list[PassedOver]) -> YamlMapping:
    result = YamlMapping()
    for key, value in layer.items():
        of_key, mark, further = _of_key(schema, key), layer.value_mark(key), (*way, key)
        if of_key is None:
            told += _told(schema, key, further, mark)
        elif value is REFUSED or not value:
            result.put(key, value, layer.key_mark(key), mark)
        elif known := _known_value(value, of_key, further, mark, told):
            result.put(key, known, layer.key_mark(key), mark)
    return result


def _of_key(schema: Schema, key: str) -> Schema | None:
    others = schema.get("additionalProperties")
    named: Schema | None = schema.get("properties", {}).get(key)
    return named if named is not None or not isinstance(others, dict) else others


def _known_value(value: Any, schema: Schema, way: tuple[str, ...], mark: yaml.Mark, told: list[PassedOver]) -> Any:  # noqa: ANN401, any value of YAML
    """The value, or what of it is known; None where nothing is."""
    if isinstance(value, YamlMapping) and not is_reference(value):
        return _known(value, schema, way, told)
    if isinstance(value, YamlSequence) and isinstance(schema.get("items"), dict):
        result = YamlSequence()
        for item, of_item in zip(value, value.marks, strict=True):
            if _is_accepted(schema["items"], item):
                result.append(item)
                result.marks.append(of_item)
            else:
                told += _told(schema["items"], item, way, of_item)
        return result
    if _is_accepted(schema, value):
        return value
    told += _told(schema, value, way, mark)
    return None


def _is_accepted(schema: Schema, value: object) -> bool:
    """What was refused, or holds what was, has its finding already."""
    if value is REFUSED or (isinstance(value, YamlMapping) and REFUSED in value.values()):
        return True
    return bool(Draft7Validator(schema).is_valid(value))


def _told(schema: Schema, lacking: object, way: tuple[str, ...], mark: yaml.Mark) -> Iterator[PassedOver]:
    lack = schema.get("lacking", {}).get(lacking) if isinstance(lacking, str) else None
    if lack is not None and "told" in lack:
        yield PassedOver(way, lack, mark)


def kinds_that_know(path: tuple[str | int, ...], key: str, *, but: str) -> Iterator[str]:
    """The titles of the other kinds of PBX that have this key at this place below a PBX."""
    for one in inventory_schema()["properties"]["pbxs"]["additionalProperties"]["allOf"]:
        schema: Schema | None = one["then"]
        if one["if"]["properties"]["kind"]["const"] == but:
            continue
        for step in path:
            if schema is not None:
                schema = schema.get("items") if isinstance(step, int) else _of_key(schema, step)
        if schema is not None and key in schema.get("properties", {}):
            yield one["then"]["title"]
