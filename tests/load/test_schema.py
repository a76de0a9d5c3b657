"""The quick way to ask jsonschema gives the verdict of the plain way."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from confgen.load import Unreadable
from confgen.load.schema import violations
from confgen.load.sources import Sources, entries
from confgen.load.yaml_tree import read_tree
from tests import quick

TESTS = Path(__file__).resolve().parents[1]
SCHEMAS = TESTS.parent / "schemas"
CASES = sorted([*(TESTS / "load").glob("*/**/*.yaml"), *(TESTS / "schema").glob("*/*.yaml")])


@lru_cache(maxsize=1)
def plain_validator() -> Draft7Validator:
    documents = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")}
    resources = [(name, Resource.from_contents(document)) for name, document in documents.items()]
    return Draft7Validator(
        {"$schema": "http://json-schema.org/draft-07/schema#", "$ref": "inventory.schema.json"},
        registry=Registry().with_resources(resources),
    )


def plainly(root: object) -> list[str]:
    return sorted(f"{list(error.absolute_path)} {error.validator}" for error in plain_validator().iter_errors(root))


def quickly(root: object) -> list[str]:
    return sorted(f"{list(violation.path)} {violation.keyword}" for violation in violations(root))


@pytest.mark.parametrize("case", quick.each(4, CASES), ids=lambda case: str(case.relative_to(TESTS)))
def test_the_verdicts_agree_on_every_case(case: Path) -> None:
    try:
        root = read_tree(Sources(case).read(entries(case)[0])).root
    except Unreadable:
        return

    assert quickly(root) == plainly(root)


references: st.SearchStrategy[Any] = st.sampled_from(
    [{"env": "A"}, {"env": "B"}, {"env": "-"}, {"file": "a"}, {"file": ""}, {"env": "A", "file": "a"}, {}, "text", None]
)
lists: st.SearchStrategy[Any] = st.lists(st.sampled_from(["alaw", "ulaw", "alow", 1, True, ["alaw"]]), max_size=3)
extensions: st.SearchStrategy[Any] = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Ann", "Bob", "Ann;", "", 1, None]),
        "contacts": st.sampled_from([1, True, 0, 2, "1", 101]),
        "secret": references | st.builds(lambda words: {"command": words}, lists),
        "codecs": lists,
        "nmae": st.just("Ann"),
    },
)


@given(extensions=st.lists(extensions, max_size=12))
@example(extensions=[{"contacts": 1}, {"contacts": 1}, {"contacts": True}])  # which Python holds for equal
def test_the_verdicts_agree_on_extensions_that_are_nearly_alike(extensions: list[object]) -> None:
    pbx = {
        "kind": "asterisk",
        "address": "192.0.2.1",
        "extensions": {str(100 + order): extension for order, extension in enumerate(extensions)},
    }
    root = {"version": 1, "pbxs": {"hq": pbx}}

    assert quickly(root) == plainly(root)
