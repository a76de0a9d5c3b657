"""Editors, check-jsonschema and confgen give one verdict on an inventory."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from jsonschema.validators import extend
from referencing import Registry, Resource
from ruamel.yaml import YAML

from confgen.load import load_inventory
from confgen.load.schema import inventory_schema
from tests.load.products import KINDS

HERE = Path(__file__).parent
SCHEMAS = HERE.parents[1] / "schemas"
API = SCHEMAS / "threecx-api.schema.json"  # describes no inventory
ACCEPT, REFUSE, AMBIGUOUS = (sorted((HERE / name).glob("*.yaml")) for name in ("accept", "refuse", "ambiguous"))


def name_of(case: Path) -> str:
    return f"{case.parent.name}/{case.stem}"


def findings(case: Path) -> list[str]:
    loaded = load_inventory(case, kinds=KINDS)
    return [f"{finding.place}: {finding.code} {finding.message}" for finding in loaded.findings]


@lru_cache(maxsize=1)
def plain_validator() -> Draft7Validator:
    """The schema files as they are, as an editor takes them."""
    documents = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")}
    resources = [(name, Resource.from_contents(document)) for name, document in documents.items()]
    return Draft7Validator(
        {"$schema": "http://json-schema.org/draft-07/schema#", "$ref": "inventory.schema.json"},
        registry=Registry().with_resources(resources),
    )


@lru_cache(maxsize=1)
def refused_by_check_jsonschema() -> frozenset[str]:
    """The cases of both folders that the program refuses; one start for all of them."""
    answer = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema", "--output-format", "json"),
            *("--schemafile", str(SCHEMAS / "inventory.schema.json"), *map(str, (*ACCEPT, *REFUSE))),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    report = json.loads(answer.stdout)
    assert report["parse_errors"] == []
    return frozenset(error["filename"] for error in report["errors"])


def as_json(value: Any) -> Any:  # noqa: ANN401, any value of YAML
    """Keys as text, as JSON has them and every YAML language server makes them."""
    match value:
        case dict():
            return {str(key): as_json(item) for key, item in value.items()}
        case list():
            return [as_json(item) for item in value]
        case _:
            return value


@cache
def readings(case: Path) -> tuple[Any, ...]:
    """What programs of YAML 1.1 and of YAML 1.2 read; one reading where it is the same."""
    text = case.read_text(encoding="utf-8")
    one, other = as_json(yaml.load(text, yaml.CSafeLoader)), as_json(YAML(typ="safe", pure=True).load(text))
    return (one,) if repr(one) == repr(other) else (one, other)


def test_there_are_cases_of_each_kind() -> None:
    assert ACCEPT
    assert REFUSE
    assert AMBIGUOUS


@pytest.mark.parametrize("case", ACCEPT, ids=name_of)
def test_what_editors_accept_confgen_accepts(case: Path) -> None:
    assert all(plain_validator().is_valid(reading) for reading in readings(case))
    assert str(case) not in refused_by_check_jsonschema()
    assert findings(case) == []


@pytest.mark.parametrize("case", REFUSE, ids=name_of)
def test_what_editors_refuse_confgen_refuses(case: Path) -> None:
    assert not any(plain_validator().is_valid(reading) for reading in readings(case))
    assert str(case) in refused_by_check_jsonschema()
    assert findings(case) != []


@pytest.mark.parametrize("case", AMBIGUOUS, ids=name_of)
def test_what_programs_read_differently_confgen_wants_in_quotes(case: Path) -> None:
    assert any(re.search(r": LOAD-04 .* is ambiguous", finding) for finding in findings(case))


def patterns(schema: Any) -> Iterator[str]:  # noqa: ANN401, any JSON
    match schema:
        case dict():
            if isinstance(schema.get("pattern"), str):
                yield schema["pattern"]
            for value in schema.values():
                yield from patterns(value)
        case list():
            for value in schema:
                yield from patterns(value)
        case _:
            pass


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.name)
def test_no_pattern_lets_a_line_end_through_at_the_end(path: Path) -> None:
    """In Python `$` also matches before a last line end, in ECMAScript it does not."""
    for pattern in patterns(json.loads(path.read_text(encoding="utf-8"))):
        assert pattern.startswith("^")
        assert pattern.endswith(("(?!\\n)$", "*$"))


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.name)
def test_a_schema_is_a_schema(path: Path) -> None:
    Draft7Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def owner_of(schema: Any) -> str | None:  # noqa: ANN401, any JSON
    """What a schema describes, in words; what `defaults` and groups say they say of PBXs."""
    title: str | None = schema.get("title")
    return "an Asterisk PBX" if title == "settings" else title


def properties(schema: Any, *, place: str) -> Iterator[str]:  # noqa: ANN401, any JSON
    """Every key that a schema file knows, with the words of what it is a key of."""
    match schema:
        case dict():
            own = schema.get("title") or place
            for key, value in schema.get("properties", {}).items():
                # The keys of `defaults` and groups are those of PBXs.
                if isinstance(value, dict) and "const" not in value and key != "kind" and own != "settings":
                    yield f"{key} of {own}"
            for value in schema.values():
                yield from properties(value, place=own)
        case list():
            for value in schema:
                yield from properties(value, place=place)
        case _:
            pass


class Noting:
    """The properties of the schemas that an inventory uses, as jsonschema asks about them."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    def properties(self, validator: Any, named: Any, instance: Any, schema: Any) -> Iterator[Any]:  # noqa: ANN401
        if isinstance(instance, dict):
            self.used |= {f"{key} of {owner_of(schema)}" for key in named if key in instance}
        yield from Draft7Validator.VALIDATORS["properties"](validator, named, instance, schema)


def test_every_key_of_the_schema_is_used_in_a_case() -> None:
    known = {
        key
        for path in SCHEMAS.glob("*.json")
        if path != API
        for key in properties(json.loads(path.read_text(encoding="utf-8")), place="")
    }
    noting = Noting()
    validator: Any = extend(Draft7Validator, {"properties": noting.properties})  # type: ignore[no-untyped-call]

    for case in ACCEPT:
        validator(inventory_schema()).validate(readings(case)[0])

    assert known - noting.used == set()
