"""The schema that `confgen schema` prints: it judges as loading does, and tells an editor of every word."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from json import dumps
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from confgen.drivers import DRIVERS
from confgen.drivers.asterisk.profiles import PROFILES
from confgen.load.bundle import bundle
from confgen.load.plain_scalars import Ambiguous, plain_value
from confgen.load.schema import inventory_schema
from tests import quick
from tests.schema.test_verdicts import readings

_TESTS = Path(__file__).parents[1]
_BUNDLE = bundle("inventory")


def definition(reference: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _BUNDLE["definitions"][reference.removeprefix("#/definitions/")]
    return found


def whole(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """With what it refers to."""
    match schema:
        case {"$ref": str(reference)}:
            return whole(definition(reference))
        case {"allOf": [{"$ref": str(reference)}], **others}:
            return {**whole(definition(reference)), **others}
        case _:
            return schema


def properties(schema: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Mapping[str, Any]]]:  # noqa: ANN401
    """Every property that is written down somewhere, with its way."""
    if isinstance(schema, list):
        for item in schema:
            yield from properties(item, path)
    if not isinstance(schema, dict):
        return
    for keyword, value in schema.items():
        if keyword == "properties":
            yield from (("/".join((*path, name)), whole(each)) for name, each in value.items())
            for name, each in value.items():
                yield from properties(each, (*path, name))
        elif keyword == "definitions":
            for name, each in value.items():
                yield from properties(each, (name,))
        elif keyword not in {"if", "examples"}:  # a condition is no word to write
            yield from properties(value, path)


def can_be_completed(schema: Mapping[str, Any]) -> bool:
    """Whether an editor has something to offer for a value."""
    schema = whole(schema)
    if schema.keys() & {"enum", "const", "default", "examples", "properties", "then"} or schema["type"] == "boolean":
        return True
    inner = schema.get("items") or schema.get("additionalProperties")
    return isinstance(inner, dict) and can_be_completed(inner)


PROPERTIES = sorted(properties(_BUNDLE), key=lambda each: each[0])


def test_every_word_is_described_and_can_be_completed() -> None:
    assert len(PROPERTIES) > 150
    assert [path for path, schema in PROPERTIES if not schema.get("title")] == []
    assert [path for path, schema in PROPERTIES if not schema.get("description")] == []
    assert [path for path, schema in PROPERTIES if not can_be_completed(schema)] == []


def test_every_example_is_right() -> None:
    wrong = [
        (path, example)
        for path, schema in PROPERTIES
        for example in schema.get("examples", ())
        if not Draft7Validator({**schema, "definitions": _BUNDLE["definitions"]}).is_valid(example)
    ]

    assert wrong == []


def test_what_an_editor_writes_without_quotes_needs_none() -> None:
    """Numbers in texts are quoted by language servers; days are not, and LOAD-04 asks for quotes then."""
    texts = {example for _, schema in PROPERTIES for example in schema.get("examples", ()) if isinstance(example, str)}

    assert {text for text in texts if not text.isdigit() and is_ambiguous(text)} == {"2027-03-31"}


def is_ambiguous(text: str) -> bool:
    try:
        return bool(plain_value(text) != text)
    except Ambiguous:
        return True


def test_examples_of_a_provider_name_every_profile() -> None:
    (schema,) = (schema for path, schema in PROPERTIES if path == "providers/profile")

    assert set(schema["examples"]) == set(PROFILES)


@pytest.mark.parametrize("name", ["inventory", *DRIVERS])
def test_it_is_one_piece_and_a_schema(name: str) -> None:
    told = bundle(name)

    Draft7Validator.check_schema(told)
    assert all(reference.startswith("#/definitions/") for reference in re.findall(r'"\$ref": "([^"]+)"', dumps(told)))
    assert "lacking" not in dumps(told)


@pytest.mark.parametrize("folder", quick.each(2, ["accept", "refuse"], first=1))
def test_it_judges_as_loading_does(folder: str) -> None:
    ours, bundled = Draft7Validator(inventory_schema()), Draft7Validator(_BUNDLE)
    for case in sorted((_TESTS / "schema" / folder).glob("*.yaml")):
        for reading in readings(case):
            assert bundled.is_valid(reading) == ours.is_valid(reading), case.name


@pytest.mark.full
def test_check_jsonschema_takes_it(tmp_path: Path) -> None:
    schema = tmp_path / "inventory.schema.json"
    schema.write_text(dumps(_BUNDLE), encoding="utf-8")

    inventory = str(_TESTS.parent / "inventory.yaml")
    for words in (["--check-metaschema", str(schema)], ["--schemafile", str(schema), inventory]):
        program = [sys.executable, "-m", "check_jsonschema", *words]
        answer = subprocess.run(program, check=False, capture_output=True, text=True)
        assert answer.returncode == 0, answer.stdout
