"""A secret that is written out is refused wherever one can stand, and not shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from confgen.load import Loaded, Unreadable, load_inventory
from confgen.load.confidential import is_confidential
from confgen.load.quotable import quotes
from confgen.model.finding import Place
from confgen.model.secret import SecretSource
from tests.load.products import KINDS

EVERY_SETTING = Path(__file__).parents[1] / "schema" / "accept" / "every-setting.yaml"
SCHEMAS = Path(__file__).parents[2] / "schemas"
LEAST = (Path(__file__).parent / "accept" / "the-least.yaml").read_text(encoding="utf-8")
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
        is_word = json.loads(value).get("enum") == ["worker"]  # where secrets are resolved
        is_reference = any(name in value for name in ("/secret", "_reference", "operator_file"))
        assert is_name or is_word or is_reference, (key, value)


SLIPS = [
    "secret: @", "secret: {@}", "secret: [@]", "secret: !@ x", "secret: *@", "secret: &@ x", "secret: %%@",
    "secret: `@", "secret: @ : x", "secret: {value: @}", 'secret: "@', 'secret: {env: "@"', "secret: {env: @, file: y}",
    'secret: {env: "@ x"}', "secret: {command: @}", 'secret: {command: [foo, "@\\x00"]}', "secret: ? @",
    "? secret\n        : @", "secret: |\n          @", "secret: >-\n          a\n          @", "secret: {env: [@]}",
    "secret:\n          - @\n          - b", 'secret: {vault: "secret/@"}', 'secret: {sops: [f.yaml, "@", 3]}', "pw: @",
    'pw: "@', "api_key: @", "api_key: '@", "apikey: [@", "auth: {@: 1", "login: @ : x", "Secret: @", "SECRET : @",
    "sekret: @", "secret@: x", "secret : {}\n        secret: @", "dingsbums: x\n        dingsbums: @", "secret:@",
    "password: {plain: @}", "passwd = @", "secret = @", "secret\t: @", '"secret": @: ', "outside_number: 'x' # pw @",
    "secret: 0x@", "pw: 0777 @", "<<: *@", "<<: {secret: @}", "<<: @", "<<: [@]", "contacts: x # geheim: @",
    "secret: {env: X, secret: @}", 'secret: {"@": }', "secret: 2026-01-01 @", "forward: {always: {secret: @}}",
    "secret: ~@", "extension_secret: @", "media_encryption: x  # @", "pin: @", "mailbox_pin: '@", "credentials: @x",
    "x-secret: @", "secret: !!binary @", "secret: !!int @", "secret: {? @ : y}", "secret: {? [@] : y}",
    "secret: {<<: @}", "secret: {<<: *@}", "permit:\n          secret:@", "permit: secret = @", "contacts: secret @",
    "codecs:\n          secret:@", "ring_seconds: 20\n          secret:@", "forward: secret @", "secret@: {}",
    "@: 1\n        @: 2", '"secret:@": 1\n        "secret:@": 2',
    "pw@: {}",
]  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_no_slip_of_the_pen_makes_a_secret_seen(slip: str, tmp_path: Path) -> None:
    text = LEAST.replace(
        "    address:", f'    extensions:\n      "101":\n        {slip.replace("@", SENTINEL)}\n    address:'
    )
    path = tmp_path / "inventory.yaml"
    path.write_text(text, encoding="utf-8")

    try:
        found = load_inventory(path, kinds=KINDS).findings
    except Unreadable as unreadable:
        found = (unreadable.finding,)

    lines = text.splitlines()
    places = [Place("f", at, column) for at, line in enumerate(lines, 1) for column in (1, len(line) // 2, len(line))]
    quoted = [quote.text for quote in quotes(text.encode(), places).values()]
    assert found != ()
    assert SENTINEL not in "\n".join([*quoted, *(f"{finding.message} {finding.mend}" for finding in found)])


@pytest.mark.parametrize(
    "root",
    [
        f'version: 1\npbxs: {{"secret:{SENTINEL}": {{}}}}',
        f'version: 1\npbxs: {{"secret:{SENTINEL}": {{kind: asterisk, extensions: [1]}}}}',
        "version: 1\npbxs: {}\npw: {0777: x}\n",
    ],
)
def test_no_key_is_shown_that_may_hold_a_secret(root: str, tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(root, encoding="utf-8")

    told = texts(load_inventory(path, kinds=KINDS))

    assert told != ""
    assert SENTINEL not in told
    assert "0777" not in told


@pytest.mark.parametrize("written", ["0777", "0x1234", "1e5", "12:30", "2026-01-01"])
@pytest.mark.parametrize("key", ["pw", "x-pw", "api_key", "secret"])
def test_an_ambiguous_value_of_a_key_that_nobody_knows_is_not_shown(key: str, written: str, tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(f"{key}: {written}\n{LEAST}", encoding="utf-8")

    told = texts(load_inventory(path, kinds=KINDS))

    assert "LOAD-04" in told
    assert written not in told


@pytest.mark.parametrize(
    "root", [SENTINEL, f"- {SENTINEL}", f"[{SENTINEL}]", f"secret:{SENTINEL}", f"a\n{SENTINEL}", "0777", "12345"]
)
def test_nothing_of_a_file_is_shown_that_is_no_inventory(root: str, tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(root, encoding="utf-8")

    found = load_inventory(path, kinds=KINDS)

    assert found.findings != ()
    assert SENTINEL not in texts(found)
    assert root not in texts(found)
    assert quotes(root.encode(), [Place("f", 1, 1), Place("f", 1, 3)]) == {}
