"""What holds for a PBX in the end, and where that was said."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from confgen.load import Unreadable, load_effective, load_inventory
from confgen.model.effective import EffectiveValue
from confgen.model.inventory import Inventory
from confgen.report import effective
from tests import quick
from tests.load.products import KINDS

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "inventory.yaml"
EVERY_SETTING = HERE.parent / "schema" / "accept" / "every-setting.yaml"
ACCEPT, REFUSE = (sorted((HERE / name).iterdir()) for name in ("accept", "refuse"))

INVENTORY = """\
version: 1
defaults:
  product_version: "22.10.1"
  certificate: {chain: {file: "{pbx}.crt"}, key: {file: "{pbx}.key"}, authority: {file: authority.crt}}
  echo_number: "600"
  extension_defaults: {secret: {file: "{pbx}-{extension}"}, codecs: [alaw], contacts: 2}
  probe: {secret: {env: PROBE}, permit: [192.0.2.1]}
groups:
  one: {rtp: {ports: "30000-30099"}, sip: {port: 5071}}
  two: {rtp: {ports: "40000-40099"}, extension_defaults: {contacts: 3}}
x-desk: &desk {ring_seconds: 30}
pbxs:
  hq:
    kind: asterisk
    groups: [one, two]
    address: 192.0.2.10
    sip: {domain: hq.example.test}
    extensions: {"101": {<<: *desk, name: Ann}}
    extensions_from: {csv: phones.csv}
  branch:
    kind: asterisk
    address: 192.0.2.11
    sip: {domain: branch.example.test}
trunks:
  ab: {between: [hq, branch], secret: {env: "T_{trunk}"}}
"""


@pytest.fixture
def values(tmp_path: Path) -> dict[str, EffectiveValue]:
    (tmp_path / "phones.csv").write_text("number;name\n102;Bob\n110-119;\n", encoding="utf-8")
    path = tmp_path / "inventory.yaml"
    path.write_text(INVENTORY, encoding="utf-8")
    assert load_inventory(path, kinds=KINDS).findings == ()
    return {".".join(value.path): value for value in load_effective(path, ["hq"], kinds=KINDS)}


@pytest.mark.parametrize(
    ("path", "value", "origin", "place"),
    [
        ("pbxs.hq.rtp.ports", "40000-40099", "groups.two", "inventory.yaml:10:22"),
        ("pbxs.hq.sip.port", 5071, "groups.one", "inventory.yaml:9:50"),
        ("pbxs.hq.sip.domain", "hq.example.test", "pbxs.hq", "inventory.yaml:17:19"),
        ("pbxs.hq.sip.bind", ["0.0.0.0"], "built in", None),
        ("pbxs.hq.echo_number", "600", "defaults", "inventory.yaml:5:16"),
        ("pbxs.hq.certificate.key", {"file": "hq.key"}, "defaults", "inventory.yaml:4:50"),
        ("pbxs.hq.extensions.101.secret", {"file": "hq-101"}, "defaults", "inventory.yaml:6:32"),
        ("pbxs.hq.extensions.101.contacts", 3, "groups.two", "inventory.yaml:10:69"),
        ("pbxs.hq.extensions.101.ring_seconds", 30, "pbxs.hq", "inventory.yaml:11:30"),
        ("pbxs.hq.extensions.101.digest", "md5", "built in", None),
        ("pbxs.hq.extensions.102.name", "Bob", "table", "phones.csv:2:5"),
        ("pbxs.hq.extensions.110-119.secret", {"file": "hq-{extension}"}, "defaults", "inventory.yaml:6:32"),
        ("trunks.ab.secret", {"env": "T_ab"}, "trunks.ab", "inventory.yaml:25:39"),
        ("trunks.ab.codecs", ["alaw", "ulaw"], "built in", None),
    ],
)
def test_a_value_is_told_with_its_origin(
    path: str, value: object, origin: str, place: str | None, values: dict[str, EffectiveValue], tmp_path: Path
) -> None:
    told = values[path]

    assert (told.value, told.origin) == (value, origin)
    assert (told.place and str(told.place)) == (place and f"{tmp_path}/{place}")


def test_nothing_is_told_of_a_pbx_that_was_not_asked_for(values: dict[str, EffectiveValue]) -> None:
    assert not any(path.startswith("pbxs.branch") for path in values)


def without_places(value: Any) -> Any:  # noqa: ANN401, a part of the model
    """A value as plain data, without where it stands."""
    if is_dataclass(value):
        return [
            without_places(getattr(value, each.name)) for each in fields(value) if each.name not in {"place", "places"}
        ]
    return [without_places(item) for item in value] if isinstance(value, tuple) else value


def bare(inventory: Inventory) -> list[Any]:
    return [without_places(replace(pbx, groups=())) for pbx in inventory.pbxs]


@pytest.mark.parametrize("case", [*ACCEPT, SHIPPED, EVERY_SETTING], ids=lambda case: case.stem)
def test_effective_values_alone_make_the_same_inventory(case: Path, tmp_path: Path) -> None:
    loaded = load_inventory(case, kinds=KINDS)
    values = load_effective(case, [pbx.name for pbx in loaded.inventory.pbxs], kinds=KINDS)
    path = tmp_path / "inventory.yaml"
    path.write_text(effective.yaml(values), encoding="utf-8")

    again = load_inventory(path, kinds=KINDS)

    assert again.findings == ()
    assert bare(again.inventory) == bare(loaded.inventory)


# In the quick run some of what is refused; test_cases loads all of it.
@pytest.mark.parametrize("case", quick.each(6, REFUSE), ids=lambda case: case.stem)
def test_what_is_refused_is_left_out(case: Path) -> None:
    try:
        loaded = load_inventory(case, kinds=KINDS)
    except Unreadable:
        return
    values = tuple(load_effective(case, [pbx.name for pbx in loaded.inventory.pbxs], kinds=KINDS))

    for told in (effective.text(values), effective.yaml(values), effective.as_json(values, "inventory.yaml")):
        assert "object at" not in told
