"""The JSON Schema of inventories in one piece, as editors and other checkers of YAML take it."""

from __future__ import annotations

import json
from typing import Any

from confgen.resources import schema_text

Schema = dict[str, Any]

_SUFFIX = ".schema.json"
_DEFINITIONS = "#/definitions/"
_FOR_EDITORS = frozenset({"title", "type", "enum", "examples"})
_FOR_CONFGEN = frozenset({"$comment", "lacking"})  # words that only its own messages are made of


def bundle(name: str) -> Schema:
    """The schema of that name, `inventory` or a kind of PBX, with every other that it refers to in its definitions.

    A property that refers to a definition has that one's title, type and examples too: editors look no further for what
    they complete a word with.
    """
    bundled = _Bundle(name)
    schema = bundled.schema(name)
    return {**schema, "definitions": dict(sorted(bundled.definitions.items()))}


class _Bundle:
    """Schemas on their way into one."""

    def __init__(self, root: str) -> None:
        self.definitions: dict[str, Schema] = {}
        self._root = root
        self._documents: dict[str, Schema] = {}

    def schema(self, name: str) -> Schema:
        """The whole document of that name, without its definitions."""
        document = {key: value for key, value in self._document(name).items() if key != "definitions"}
        schema: Schema = self._rewritten(document, name)
        return schema

    def _document(self, name: str) -> Schema:
        if name not in self._documents:
            self._documents[name] = json.loads(schema_text(name))
        return self._documents[name]

    def _rewritten(self, value: Any, document: str) -> Any:  # noqa: ANN401, any JSON
        if isinstance(value, list):
            return [self._rewritten(item, document) for item in value]
        if not isinstance(value, dict):
            return value
        if isinstance(reference := value.get("$ref"), str):
            return {"$ref": self._followed(reference, document)}
        told = {key: self._rewritten(item, document) for key, item in value.items() if key not in _FOR_CONFGEN}
        match told:
            case {"description": str(), "allOf": [{"$ref": str(target)}]}:
                definition = self.definitions[target.removeprefix(_DEFINITIONS)]
                return {**{key: definition[key] for key in sorted(_FOR_EDITORS & definition.keys())}, **told}
            case {"maxProperties": most, "properties": _}:  # a language server counts the word that is being written
                del told["maxProperties"]
                return {**told, "allOf": [{"maxProperties": most}]}
            case _:
                return told

    def _followed(self, reference: str, document: str) -> str:
        """Where it leads in the bundle; what is there comes along."""
        file, _, pointer = reference.partition("#")
        target = file.removesuffix(_SUFFIX) or document
        _, _, definition = pointer.rpartition("/")
        name = definition if target == "inventory" else "_".join(filter(None, (target, definition)))
        if name not in self.definitions:
            self.definitions[name] = {}  # it may lead to itself
            self.definitions[name] = (
                self._rewritten(self._document(target)["definitions"][definition], target)
                if definition
                else {key: value for key, value in self.schema(target).items() if key != "$schema"}
            )
        return f"{_DEFINITIONS}{name}"
