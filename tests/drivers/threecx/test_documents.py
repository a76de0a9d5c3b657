"""The documents of a 3CX: canonical JSON, faithful whatever stands in them, and only fields that its version has."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.drivers import threecx
from confgen.drivers.threecx import contract
from confgen.drivers.threecx.layout import json_inside
from confgen.drivers.threecx.objects import TYPES, in_order
from confgen.drivers.threecx.texts import fields_of, filled_from, stand_in, text_of, without_secrets
from confgen.model.document import TemplateSource
from confgen.model.version import ProductVersion
from confgen.render import render, render_masked
from tests.drivers.threecx.site import Site, a_site
from tests.drivers.threecx.test_cut_push import a_full_site
from tests.model.pbxs import an_extension, reference


@given(st.text())
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert json.loads(f'"{json_inside(text)}"') == text


def test_the_template_writes_canonical_json() -> None:
    for document in a_full_site().documents():
        if not document.is_for_push:
            assert document.reveal() == text_of(document.key, fields_of(document.reveal()))


def test_an_evil_name_stays_a_name() -> None:
    evil = 'x", "SRTPMode": "SRTPDisabled\n{{ 7 * 7 }}'
    site = Site(pbx=a_site(extensions=(an_extension("100", own_secret=None, display_name=evil),)))
    document = next(one for one in site.documents() if one.key == "Users/100")
    assert fields_of(document.reveal())["FirstName"] == evil
    assert fields_of(document.reveal())["SRTPMode"] == "SRTPEnforced"


def test_what_is_masked_for_people_is_json_and_shows_no_password_of_backups() -> None:
    site = Site(pbx=a_site(extensions=(an_extension("100"),)))
    texts = render_masked(threecx.sources(site.pbx))
    assert fields_of(texts["Users/100"])["AuthPassword"] == "<env:EXTENSION_100>"
    assert not any(key.startswith("Backups") for key in texts)


@pytest.mark.parametrize("version", [ProductVersion(20), ProductVersion(20, 0, 9), ProductVersion(20, 0, 10)])
def test_every_property_that_is_written_can_be(version: ProductVersion) -> None:
    product: dict[str, Any] = {
        "extensions": {"100": {"block_tunnel": True}},
        "sbcs": {"sbc1": {"secret": reference("S")}},
    }
    for document in Site(pbx=a_site(product_version=version, product=product)).documents():
        if document.is_for_push:
            continue
        kind = next(one for one in TYPES if one.name == document.key.partition("/")[0])
        known = contract.fields(kind.described_as or kind.name, version)
        assert fields_of(document.reveal()).keys() <= known.keys()
        assert not any(known[name].is_read_only for name in fields_of(document.reveal()))


def test_what_is_asked_for_is_in_the_contract_and_no_secret() -> None:
    for kind in TYPES:
        known = contract.fields(kind.described_as or kind.name)
        for name in kind.asked:
            assert name in known, f"{kind.name}.{name}"
            assert not known[name].is_secret, f"{kind.name}.{name}"


def test_what_may_lock_out_and_what_cannot_be_taken_back_comes_last() -> None:
    keys = ["ConsoleRestrictions", "SecureSipSettings", "Trunks/a", "Users/2", "Users/1", "NetworkSettings"]
    assert in_order(keys) == (
        "NetworkSettings", "Users/1", "Users/2", "Trunks/a", "SecureSipSettings", "ConsoleRestrictions",
    )  # fmt: skip


def test_no_order_of_a_set_is_a_difference_and_that_of_codecs_is() -> None:
    assert text_of("ConsoleRestrictions", {"IpWhitelist": ["192.0.2.0/24", "127.0.0.0/8"]}) == text_of(
        "ConsoleRestrictions", {"IpWhitelist": ["127.0.0.0/8", "192.0.2.0/24"]}
    )
    codecs = [{"LocalCodecList": order} for order in (["PCMA", "PCMU"], ["PCMU", "PCMA"])]
    assert text_of("CodecsSettings", codecs[0]) != text_of("CodecsSettings", codecs[1])


def test_a_stand_in_takes_the_place_of_every_secret() -> None:
    text = text_of("Trunks/a", {"AuthID": "a", "AuthPassword": {"Value": "sentinel"}})
    kept = without_secrets("Trunks/a", text, lambda secret: f"of {len(secret)}")
    assert fields_of(kept) == {"AuthID": "a", "AuthPassword": {"Value": stand_in("of 8")}}


def test_what_a_text_does_not_speak_of_is_filled_from_the_others() -> None:
    assert fields_of(filled_from("Users/1", '{"FirstName": "A"}', ['{"FirstName": "B", "LastName": "C"}'])) == {
        "FirstName": "A",
        "LastName": "C",
    }


def test_a_version_without_a_field_gets_a_document_without_it() -> None:
    product = {"extensions": {"100": {"block_tunnel": True}}}
    new, old = (
        {source.key: source for source in threecx.sources(a_site(product=product, product_version=version))}
        for version in (ProductVersion(20, 0, 9), ProductVersion(20, 0, 8))
    )
    assert _names(new["Users/100"]) - _names(old["Users/100"]) == {"BlockTunnel"}


def test_the_same_inventory_gives_the_same_bytes() -> None:
    site = a_full_site()
    again = replace(site.pbx, extensions=tuple(reversed(site.pbx.extensions)))
    texts = [
        {one.key: one.reveal() for one in render(threecx.sources(pbx), site.secrets())} for pbx in (site.pbx, again)
    ]
    assert texts[0] == texts[1]


def _names(source: TemplateSource) -> set[str]:
    return {row.name for row in source.values["rows"]}
