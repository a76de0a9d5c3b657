"""What a doctor is told of a 3CX, by the contract fake: each question by itself, and no secret."""

from __future__ import annotations

import json
from dataclasses import replace
from email.utils import formatdate
from typing import Any

import pytest

from confgen.drivers import threecx
from confgen.drivers.threecx import examination, own_description
from confgen.drivers.threecx.objects import TYPES
from confgen.model.api import ApiAnswer, ApiRequest
from confgen.model.found import Found
from confgen.model.host import HostError
from confgen.model.inventory import Pbx
from confgen.model.version import ProductVersion
from lab.threecx.description import openapi
from lab.threecx.quirks import Quirks
from tests.drivers.threecx.site import Site, a_site
from tests.model.pbxs import an_extension
from tests.xapi.host import FakeHost

NOW = 1_700_000_000.0
LATEST = ProductVersion(20, 0, 10)


def examined(pbx: Pbx, host: FakeHost) -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = {}
    for one in threecx.examine(host, pbx):
        found.setdefault(one.subject, []).append(one)
    return found


def wrong(found: dict[str, list[Found]]) -> list[str]:
    return [one.subject for several in found.values() for one in several if one.is_ok is False]


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_3cx_tells_its_version_licence_name_rights_and_fields(site: Site) -> None:
    found = examined(site.pbx, site.host)
    assert found["version"][0].found == "3CX 20.0.10.123"
    assert found["licence"][0].found.startswith("Enterprise, 8 calls at once")
    assert "Users" in found["rights"][0].found
    assert "Trunks" in found["rights"][0].found
    assert found["fields"][0].found.startswith("this build has all")
    assert "not at once" in found["undo"][0].found
    assert wrong(found) == []


def test_nothing_is_written_on_the_pbx_or_on_the_shelf(site: Site) -> None:
    before = dict(site.host.shelf.texts)
    examined(site.pbx, site.host)
    assert {asked.method for asked in site.host.fake.log if "/connect/token" not in asked.path} == {"GET"}
    assert site.host.shelf.texts == before


def test_no_secret_is_asked_for_or_told(site: Site) -> None:
    site.add_trunk("carrier")
    told = str(examined(site.pbx, site.host))
    assert "sentinel" not in told
    assert "FAKE-NOT-A-LICENCE" not in told
    asked = [asked.path for asked in site.host.fake.log]
    assert not any("LicenseKey" in path or "Password" in path for path in asked)
    assert all("$select=" in path for path in asked if "/Users" in path or "/Trunks" in path)


def test_a_client_without_the_role_is_told_what_it_may_not_read(site: Site) -> None:
    site.host.fake.quirks = Quirks(has_system_role=False)
    found = examined(site.pbx, site.host)
    (refused,) = [one for one in found["rights"] if one.is_ok is False]
    assert "Trunks" in refused.found
    assert "Users" not in refused.found
    assert "system_owners" in refused.advice
    assert found["version"][0].is_ok


def test_a_licence_without_the_api_is_told_in_every_question_and_ends_none(site: Site) -> None:
    site.host.fake.quirks = Quirks(has_api_licence=False)
    found = examined(site.pbx, site.host)
    assert "licence with the API" in found["rights"][0].advice
    assert [one.is_ok for one in found["fields"]] == [None]


def test_another_version_than_the_inventory_says_is_wrong(site: Site) -> None:
    old = replace(site.pbx, product_version=ProductVersion(20, 0, 8))
    assert "version" in wrong(examined(old, site.host))


def test_another_name_and_port_than_the_inventory_says_are_wrong(site: Site) -> None:
    other = replace(site.pbx, domain="other.example.test", sip_port=5071)
    assert {"name", "doors"} <= set(wrong(examined(other, site.host)))


def test_an_answer_that_never_comes_leaves_one_question_untold() -> None:
    class Deaf(FakeHost):
        def request(self, request: ApiRequest, /) -> ApiAnswer:
            if "GetSystemParameters" in request.path:
                raise HostError("no answer within 30 s")
            return super().request(request)

    found = examined(a_site(), Deaf())
    assert [one.is_ok for one in found["licence and doors"]] == [None]
    assert found["services"]


def test_a_pbx_that_is_gone_leaves_every_question_untold() -> None:
    class Gone(FakeHost):
        def request(self, _request: ApiRequest, /) -> ApiAnswer:
            raise HostError("nobody answers")

    found = examined(a_site(), Gone())
    assert {one.is_ok for several in found.values() for one in several if one.subject != "undo"} <= {None, True}
    assert [one.found for one in found["rights"]] == [
        f"{', '.join(kind.name for kind in TYPES)}: not told: nobody answers"
    ]


@pytest.mark.parametrize(("date", "is_ok"), [(NOW + 10, True), (NOW + 90, False), (NOW - 90, False), (None, None)])
def test_the_clock_is_that_of_its_answers(date: float | None, *, is_ok: bool | None) -> None:
    class Dated(FakeHost):
        def request(self, request: ApiRequest, /) -> ApiAnswer:
            headers = {} if date is None else {"date": formatdate(date, usegmt=True)}
            return replace(super().request(request), headers=headers)

    (found,) = examination.clock(Dated(), now=lambda: NOW)
    assert found.is_ok is is_ok


def compared(pbx: Pbx, description: Any) -> list[Found]:  # noqa: ANN401 -- JSON
    return list(own_description.compared(pbx, description))


def test_a_build_that_describes_itself_as_the_vendor_does_has_every_field(site: Site) -> None:
    (found,) = compared(site.pbx, openapi(LATEST))
    assert found.is_ok
    assert found.found == "this build has all that confgen uses"


def without(*fields: str) -> Any:  # noqa: ANN401 -- JSON
    description = json.loads(json.dumps(openapi(LATEST)))
    for field in fields:
        name, _, property_name = field.partition(".")
        del description["components"]["schemas"][f"Pbx.{name}"]["properties"][property_name]
    return description


def test_a_field_that_nobody_asks_for_is_told_and_is_no_fault(site: Site) -> None:
    (found,) = compared(site.pbx, without("User.BlockTunnel", "Trunk.IsOnline"))
    assert found.is_ok
    assert "User.BlockTunnel" in found.found
    assert found.advice == "there cannot be: `block_tunnel`"


def test_a_field_that_the_inventory_needs_is_a_fault() -> None:
    pbx = a_site(extensions=(an_extension("100", own_secret=None),))
    (_, hindered) = compared(pbx, without("User.SRTPMode"))
    assert hindered.is_ok is False
    assert "User.SRTPMode" in hindered.found


def test_a_value_that_the_build_does_not_know_is_missing() -> None:
    description = json.loads(json.dumps(openapi(LATEST)))
    description["components"]["schemas"]["Pbx.Gateway"]["properties"]["SRTPMode"]["enum"].remove("SRTPEnforced")
    (_, hindered) = compared(a_site(), description)
    assert "Gateway.SRTPMode" in hindered.found


@pytest.mark.parametrize("description", [None, [], {}, {"components": []}, "openapi: 3.0.4"])
def test_what_is_no_description_is_not_told(description: Any, site: Site) -> None:  # noqa: ANN401 -- JSON
    assert [found.is_ok for found in compared(site.pbx, description)] == [None]
