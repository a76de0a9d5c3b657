"""What only 3CX knows of a PBX, from the inventory to values of its API."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from confgen.drivers.threecx.contract import fields
from confgen.drivers.threecx.settings import (
    ANTI_HACKING,
    CODECS,
    CodecOrder,
    UserSettings,
    codec_names,
    place_at,
    settings_of,
)
from confgen.load import load_inventory
from confgen.load.kinds import schema_of
from confgen.model.inventory import Pbx
from confgen.model.secret import SecretReference, SecretSource
from tests.load.products import KINDS
from tests.model.pbxs import a_pbx

SITE = """\
version: 1
defaults:
  extension_defaults: {lan_only: false}
pbxs:
  site:
    kind: threecx
    address: 192.0.2.20
    product_version: "20.0.10"
    sip: {domain: site.example.test}
    backup: {secret: {env: "BACKUP_{pbx}"}}
    codecs: {external: [g722, alaw]}
    anti_hacking: {security_defense_program: true, hack_auth_requests: 5}
    console: {permit: [127.0.0.1, 192.0.2.0/24]}
    countries: {allow: ["49", "43"]}
    blocklist:
      198.51.100.7: {reason: scanned us, until: "2027-03-31"}
      "2001:db8::/32": {reason: ours, action: allow}
      "2001:db8::1": {reason: not ours}
    sbcs:
      north: {secret: {file: "sbc-{pbx}"}}
      south: {secret: {env: SOUTH}, display_name: Branch in the south}
    extensions:
      "100": {name: Reception, lan_only: true}
      "110-111": {block_tunnel: true}
      "120": {}
"""


@pytest.fixture
def site(tmp_path: Path) -> Pbx:
    path = tmp_path / "inventory.yaml"
    path.write_text(SITE, encoding="utf-8")
    loaded = load_inventory(path, kinds=KINDS)
    assert loaded.findings == ()
    return loaded.inventory.pbxs[0]


def test_settings_are_read_into_words_of_the_api(site: Pbx) -> None:
    settings = settings_of(site)
    assert settings.backup_secret == SecretReference(SecretSource.ENVIRONMENT, ("BACKUP_site",))
    assert settings.codecs == CodecOrder(local=(), external=("G722", "PCMA"))
    assert settings.anti_hacking == {"SecurityDefenseProgram": True, "HackAuthRequests": 5}
    assert settings.console_permit == ("127.0.0.1", "192.0.2.0/24")
    assert settings.allowed_countries == ("49", "43")


def test_an_address_of_the_blocklist_is_a_network_of_one(site: Pbx) -> None:
    assert [(one.network, one.is_allowed, one.reason, one.until) for one in settings_of(site).listed] == [
        ("198.51.100.7/32", False, "scanned us", date(2027, 3, 31)),
        ("2001:db8::/32", True, "ours", None),
        ("2001:db8::1/128", False, "not ours", None),
    ]


def test_an_sbc_is_called_by_its_name_unless_it_has_another(site: Pbx) -> None:
    assert [(sbc.name, sbc.display_name, str(sbc.secret)) for sbc in settings_of(site).sbcs] == [
        ("north", "north", "file:sbc-site"),
        ("south", "Branch in the south", "env:SOUTH"),
    ]


def test_a_user_has_its_own_settings_over_those_of_all(site: Pbx) -> None:
    settings = settings_of(site)
    assert settings.user("100") == UserSettings(lan_only=True)
    assert settings.user("110") == settings.user("111") == UserSettings(lan_only=False, block_tunnel=True)
    assert settings.user("120") == UserSettings(lan_only=False)
    assert settings.user("999") == UserSettings(lan_only=True, block_tunnel=None)


def test_what_is_not_said_is_not_managed(site: Pbx) -> None:
    settings = settings_of(replace(site, product=None))
    assert (settings.backup_secret, settings.codecs, settings.anti_hacking) == (None, None, {})
    assert (settings.console_permit, settings.allowed_countries, settings.listed, settings.sbcs) == ((), (), (), ())


def test_every_setting_knows_where_it_stands(site: Pbx) -> None:
    assert place_at(site, "console", "permit", 1).line == 13
    assert place_at(site, "blocklist", "198.51.100.7").line == 16
    assert place_at(site, "extensions", "111", "block_tunnel").line == 24
    assert place_at(site, "sbcs", "nowhere") == site.place
    assert place_at(a_pbx(), "console") == a_pbx().place


def test_every_secret_of_the_product_is_known_without_knowing_the_product(site: Pbx) -> None:
    assert site.product is not None
    assert {str(reference) for reference in site.product.references} == {
        "env:BACKUP_site",
        "file:sbc-site",
        "env:SOUTH",
    }


def test_each_word_of_the_inventory_has_its_field_in_the_api() -> None:
    assert schema_of("threecx")["properties"]["anti_hacking"]["properties"].keys() == ANTI_HACKING.keys()
    assert set(ANTI_HACKING.values()) == fields("AntiHackingSettings").keys() - {"Id"}


def test_each_codec_of_the_inventory_has_a_name_in_3cx() -> None:
    assert schema_of("threecx")["properties"]["codecs"]["properties"]["local"]["items"]["enum"] == list(CODECS)
    assert codec_names(("alaw", "ulaw")) == ("PCMA", "PCMU")


def test_whatever_only_3cx_knows_is_read() -> None:
    """A key that the schema accepts and nobody reads would have no effect."""
    known = schema_of("threecx")["properties"]
    elsewhere = schema_of("asterisk")["properties"].keys() | {"api"}
    assert known.keys() - elsewhere == {
        *("backup", "codecs", "anti_hacking", "console", "countries", "blocklist", "sbcs"),
    }
    of_phones = schema_of("asterisk")["properties"]["extensions"]["additionalProperties"]["properties"]
    users = known["extensions"]["additionalProperties"]["properties"]
    assert users.keys() - of_phones.keys() == {field.name for field in dataclasses.fields(UserSettings)}
