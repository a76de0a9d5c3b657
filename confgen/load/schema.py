"""The JSON Schema of the inventory as judge, asked once about what is alike."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from confgen.resources import schema_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Schema = dict[str, Any]

_SUFFIX = ".schema.json"
_OF_DOCUMENTS = frozenset({"$schema", "$id", "definitions"})  # keywords that mean nothing inside another schema
# Of a schema with these keywords alone, and no additional properties, the verdict on a mapping follows from its set of
# keys and from the verdict on each of its values.
_PARTWISE = frozenset(
    {"title", "description", "type", "required", "minProperties", "maxProperties", "properties", "additionalProperties"}
    | {"lacking"}  # for people: what another kind of PBX has and this one cannot do
    | {"examples"}  # for editors
)
# A text with a pattern, whose verdict is that of the regular expression: most texts stand once, as names do.
_OF_TEXT = frozenset({"title", "description", "examples", "type", "pattern"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One thing that jsonschema refuses; `parent` holds the value, or is the mapping whose key is refused."""

    keyword: str
    expected: Any  # what the keyword says
    title: str  # of the schema that refuses: what it wants, in words
    properties: Mapping[str, Any]  # that this schema knows
    lacking: Mapping[Any, Mapping[str, str]]  # keys or values that it cannot have, with code, reason and mend
    path: tuple[str | int, ...]
    parent: Any
    value: Any
    is_of_key: bool


@lru_cache(maxsize=1)
def inventory_schema() -> Schema:
    """The schema with every reference replaced by what it leads to, which makes it the same schema, and quick."""
    return _definition(f"inventory{_SUFFIX}", "")


def violations(root: object) -> Iterator[Violation]:
    """Everything that jsonschema refuses in an inventory."""
    acquaintance = _Acquaintance()
    keywords = {
        "additionalProperties": acquaintance.additional_properties,
        "propertyNames": acquaintance.property_names,
        "uniqueItems": _unique_items,
    }
    validator: Any = extend(Draft7Validator, keywords)  # type: ignore[no-untyped-call]
    for error in validator(inventory_schema()).iter_errors(root):
        yield _violation(root, error)


def _violation(root: Any, error: ValidationError) -> Violation:  # noqa: ANN401, any value of YAML
    is_of_key = "propertyNames" in error.absolute_schema_path
    path = tuple(error.absolute_path)
    parent, value = None, root
    for step in path:
        parent, value = value, value[step]
    schema: Any = error.schema
    return Violation(
        keyword=str(error.validator),
        expected=error.validator_value,
        title=schema.get("title", "what belongs here"),
        properties=schema.get("properties", {}),
        lacking=schema.get("lacking", {}),
        path=path,
        parent=value if is_of_key else parent,
        value=error.instance,
        is_of_key=is_of_key,
    )


@lru_cache(maxsize=16)
def _document(name: str) -> Schema:
    document: Schema = json.loads(schema_text(name.removesuffix(_SUFFIX)))
    return document


@lru_cache(maxsize=512)
def _definition(document: str, pointer: str) -> Schema:
    """What a JSON pointer (RFC 6901) of ours leads to; no name of a definition has a character to be escaped."""
    found: Any = _document(document)
    for step in pointer.split("/")[1:]:
        found = found[step]
    schema: Schema = _inlined(found, document)
    return schema


def _inlined(schema: Any, document: str) -> Any:  # noqa: ANN401, any JSON
    if isinstance(schema, list):
        return [_inlined(item, document) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:  # in draft 7 nothing beside it counts
        name, _, pointer = schema["$ref"].partition("#")
        return _definition(name or document, pointer)
    whole = {keyword: _inlined(value, document) for keyword, value in schema.items() if keyword not in _OF_DOCUMENTS}
    match whole:
        case {"description": _, "allOf": [only], **others} if others.keys() <= {"examples"}:
            return {**only, **others, "description": whole["description"]}
    return whole


class _Acquaintance:
    """What jsonschema has accepted in one inventory."""

    def __init__(self) -> None:
        self._key_sets: set[tuple[int, tuple[str, ...]]] = set()
        self._values: set[tuple[object, ...]] = set()
        self._searches: dict[int, Callable[[str], object] | None] = {}  # likewise by identity
        self._judges: dict[int, Any] = {}  # of a value by itself, by the identity of its schema

    def additional_properties(
        self,
        validator: Any,  # noqa: ANN401, as jsonschema hands them
        subschema: Any,  # noqa: ANN401
        instance: Any,  # noqa: ANN401
        schema: Schema,
    ) -> Iterator[ValidationError]:
        """The keyword `additionalProperties`; where it holds a schema, nothing is asked twice."""
        if not isinstance(subschema, dict) or not isinstance(instance, dict) or "patternProperties" in schema:
            yield from Draft7Validator.VALIDATORS["additionalProperties"](validator, subschema, instance, schema)
            return
        named = schema.get("properties", {})
        for key, value in instance.items():
            if key in named or self._accepts(validator, subschema, value):
                continue
            is_accepted = True
            for error in validator.descend(value, subschema, path=key):
                is_accepted = False
                yield error
            if is_accepted:
                self._learn(subschema, value)

    def property_names(
        self,
        validator: Any,  # noqa: ANN401, as jsonschema hands them
        subschema: Any,  # noqa: ANN401
        instance: Any,  # noqa: ANN401
        _schema: Schema,
    ) -> Iterator[ValidationError]:
        """The keyword `propertyNames`; names that a pattern fits are not asked about."""
        if isinstance(instance, dict):
            search = self._search(subschema)
            for key in instance:
                if search is None or search(key) is None:
                    yield from validator.descend(key, subschema)

    def _accepts(self, validator: Any, schema: Schema, value: Any) -> bool:  # noqa: ANN401
        """Whether it is sure that jsonschema accepts this value."""
        if isinstance(value, dict):
            return (id(schema), tuple(value)) in self._key_sets and self._accepts_all(validator, schema, value)
        if type(value) is str and (search := self._search(schema)) is not None:
            return search(value) is not None
        name = _name(schema, value)
        if name is None or name in self._values:
            return name is not None
        judge = self._judges.get(id(schema))
        if judge is None:
            judge = self._judges[id(schema)] = validator.evolve(schema=schema)
        if judge.is_valid(value):
            self._values.add(name)
            return True
        return False

    def _accepts_all(self, validator: Any, schema: Schema, mapping: dict[str, Any]) -> bool:  # noqa: ANN401
        properties = schema["properties"]
        for key, item in mapping.items():  # noqa: SIM110, all() takes a third longer, and there are many
            if not self._accepts(validator, properties[key], item):
                return False
        return True

    def _search(self, schema: Schema) -> Callable[[str], object] | None:
        """What decides about a text before a schema that asks for a pattern, and for nothing else of texts."""
        try:
            return self._searches[id(schema)]
        except KeyError:
            is_alone = schema.get("type", "string") == "string" and "pattern" in schema and _OF_TEXT.issuperset(schema)
            search = self._searches[id(schema)] = re.compile(schema["pattern"]).search if is_alone else None
            return search

    def _learn(self, schema: Schema, value: Any) -> None:  # noqa: ANN401
        """Remember the keys of an accepted mapping; its values are asked for one by one."""
        if isinstance(value, dict) and _PARTWISE.issuperset(schema) and schema.get("additionalProperties") is False:
            self._key_sets.add((id(schema), tuple(value)))
            for key, item in value.items():
                self._learn(schema["properties"][key], item)


def _unique_items(
    _validator: Any,  # noqa: ANN401, as jsonschema hands them
    is_asked: bool,  # noqa: FBT001
    instance: Any,  # noqa: ANN401
    _schema: Schema,
) -> Iterator[ValidationError]:
    """The keyword `uniqueItems`; jsonschema compares each mapping with each."""
    if is_asked and isinstance(instance, list) and first_repeated(instance) is not None:
        yield ValidationError(f"{len(instance)} items are not unique")


def first_repeated(items: Sequence[object]) -> int | None:
    """Where the first item stands that is equal to an earlier one, as JSON has it; None where none is."""
    known: set[object] = set()
    for at, item in enumerate(items):
        name = _frozen(item)
        if name in known:
            return at
        known.add(name)
    return None


def _frozen(value: object) -> object:
    """Something hashable that only this value has; in JSON true is not 1."""
    match value:
        case dict():
            return (dict, frozenset((key, _frozen(item)) for key, item in value.items()))
        case list():
            return (list, tuple(map(_frozen, value)))
        case _:
            return (type(value), value)


def _name(schema: Schema, value: Any) -> tuple[object, ...] | None:  # noqa: ANN401
    """Something hashable that only this value has before this schema; None for lists of more than scalars."""
    if not isinstance(value, list):
        return (id(schema), type(value), value)
    if any(isinstance(item, dict | list) for item in value):
        return None
    return (id(schema), list, *((type(item), item) for item in value))
