"""A secret that is written out is refused wherever one can stand, and not shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from confgen.load import Loaded, load_inventory
from confgen.load.yaml_tree import is_confidential
from confgen.model.secret import SecretSource
from tests.load.products import KINDS

EVERY_SETTING = Path(__file__).parents[1] / "schema" / "accept" / "every-setting.yaml"
SCHEMAS = Path(__file__).parents[2] / "schemas"
SENTINEL = "hunter2-s3ntinel"
SOURCES = frozenset(source.value for source in SecretSource)
Way = tuple[str | int, ...]


def written() -> Any:  # noqa: ANN401, what YAML holds
    return yaml.safe_load(EVERY_SETTING.read_text(encoding="utf-8"))


def references(value: object, way: Way = ()) -> Iterator[Way]:
    """The way to each reference."""
    if isinstance(value, dict):
        if len(value) == 1 and SOURCES.issuperset(value):
            yield way
        else:
            for key, item in value.items():
                yield from references(item, (*way, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from references(item, (*way, at))


WAYS = list(references(written()))


def loaded(folder: Path, way: Way, instead: object) -> Loaded:
    """With something else in the place of one reference."""
    root = written()
    holder = root
    for key in way[:-1]:
        holder = holder[key]
    holder[way[-1]] = instead
    path = folder / "inventory.yaml"
    path.write_text(yaml.safe_dump(root, default_style='"', sort_keys=False), encoding="utf-8")
    return load_inventory(path, kinds=KINDS)


def texts(found: Loaded) -> str:
    return "\n".join(f"{finding.code} {finding.message}; {finding.mend}" for finding in found.findings)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: ".".join(map(str, way)))
def test_what_is_written_out_is_refused_with_the_mend_and_not_shown(way: Way, tmp_path: Path) -> None:
    found = loaded(tmp_path, way, SENTINEL)

    (refused,) = (finding for finding in found.findings if finding.code == "LOAD-14")
    assert "holds references only" in refused.message
    assert "write a reference to a" in refused.mend
    assert SENTINEL not in texts(found)


@pytest.mark.parametrize(
    "instead",
    [
        {"password": SENTINEL},
        {SENTINEL: "x"},
        {"env": f"{SENTINEL} !"},
        {"command": SENTINEL},
        {"vault": SENTINEL},
        {"vault": {"path": SENTINEL + "/", "field": "x"}},
        {"vault": {"path": "x", "field": "y", SENTINEL: "z"}},
        {"sops": SENTINEL},
        {"sops": {"file": "x", "key": SENTINEL + "..x"}},
        {"keyring": SENTINEL},
        {"keyring": {"service": "x", "user": f"{{{SENTINEL.replace('-', '_')}}}"}},
        [SENTINEL],
    ],
    ids=str,
)
def test_nothing_of_a_mistaken_reference_to_a_secret_is_shown(instead: object, tmp_path: Path) -> None:
    found = loaded(tmp_path, ("pbxs", "hq", "extensions", "101", "secret"), instead)

    assert found.findings != ()
    assert SENTINEL not in texts(found)
    assert SENTINEL.replace("-", "_") not in texts(found)


def test_every_key_that_sounds_like_a_secret_takes_a_reference() -> None:
    def taking(schema: object) -> Iterator[tuple[str, str]]:
        if isinstance(schema, dict):
            for key, value in schema.get("properties", {}).items():
                if is_confidential(key):
                    yield key, json.dumps(value)
            for value in schema.values():
                yield from taking(value)
        elif isinstance(schema, list):
            for value in schema:
                yield from taking(value)

    found = [
        (key, value)
        for name in ("inventory", "threecx", "asterisk")
        for key, value in taking(json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")))
    ]

    assert len(found) > 8
    for key, value in found:
        is_name = "keys with dots between them" in value or "definitions/heading" in value  # within SOPS, of a column
        assert is_name or any(name in value for name in ("/secret", "_reference", "operator_file")), (key, value)
