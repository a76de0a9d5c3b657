"""Authorities by which a PBX tells others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from confgen.model.api import ApiAccess
from confgen.model.finding import Finding, Place
from confgen.model.inventory import Pbx
from confgen.model.secret import Secret
from confgen.policy.opened import Opened
from confgen.policy.opened_certificates import opened_certificate_findings
from tests.model.pbxs import a_pbx, a_provider_trunk, reference
from tests.policy.authorities import DAY, NOW, issue

ROOT = issue("root")
ENDED = issue("ended", ends=NOW - DAY)
LEAF = issue("leaf", ROOT, names=[a_pbx().domain])
AUTHORITY = reference("PROVIDER_AUTHORITY")


@pytest.fixture
def customer() -> Pbx:
    trunk = a_provider_trunk()
    return replace(a_pbx(), provider_trunks=(replace(trunk, provider=replace(trunk.provider, authority=AUTHORITY)),))


def findings(pbx: Pbx, **texts: str) -> tuple[Finding, ...]:
    known = {reference(name): Secret(text) for name, text in texts.items()}
    return tuple(opened_certificate_findings(pbx, Opened(texts=known), NOW))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (ROOT.pem, []),
        (ENDED.pem + ROOT.pem, []),
        ("garbage", ["CERT-03"]),
        (ENDED.pem, ["CERT-06"]),
        (issue("later", begins=NOW + DAY).pem, ["CERT-06"]),
        (issue("now", begins=NOW).pem, []),
        (issue("just", ends=NOW).pem, ["CERT-07"]),
        (issue("month", ends=NOW + 30 * DAY).pem, []),
        (issue("soon", ends=NOW + 29 * DAY).pem, ["CERT-07"]),
        (issue("lasts", ends=NOW + 30 * DAY + timedelta(hours=1)).pem, []),
        (issue("weak", key=ec.generate_private_key(ec.SECP224R1())).pem, ["CERT-08"]),
        (issue("weak", key=ec.generate_private_key(ec.SECP224R1())).pem + ROOT.pem, []),
    ],
)
def test_an_authority_must_hold_one_that_is_good(customer: Pbx, text: str, codes: list[str]) -> None:
    found = findings(customer, PROVIDER_AUTHORITY=text)

    assert [finding.code for finding in found] == codes
    assert {finding.subject for finding in found} <= {customer.provider_trunks[0].name}


def test_the_authorities_of_peers_and_of_the_api_are_judged_too(customer: Pbx) -> None:
    end = replace(customer.trunks[0], peer_authority=reference("PEER_AUTHORITY"))
    access = ApiAccess(
        name="api", port=5001, client="confgen", secret=reference("API"), authority=reference("API_AUTHORITY")
    )
    pbx = replace(customer, trunks=(end,), api=access)

    told = findings(pbx, PEER_AUTHORITY="garbage", API_AUTHORITY="garbage", PROVIDER_AUTHORITY=ROOT.pem)

    assert [(finding.code, finding.subject) for finding in told] == [("CERT-03", end.name), ("CERT-03", None)]
    assert findings(replace(pbx, api=replace(access, authority=None)), API_AUTHORITY="garbage") == ()


def test_a_finding_stands_where_the_reference_does_or_else_the_pbx(customer: Pbx) -> None:
    there = Place("inventory.yaml", 30, 40)
    (trunk,) = customer.provider_trunks
    placed = replace(trunk, provider=replace(trunk.provider, authority=replace(AUTHORITY, place=there)))

    (at_pbx,) = findings(customer, PROVIDER_AUTHORITY="garbage")
    (at_reference,) = findings(replace(customer, provider_trunks=(placed,)), PROVIDER_AUTHORITY="garbage")

    assert (at_pbx.place, at_reference.place) == (customer.place, there)


def test_what_was_not_opened_is_not_judged(customer: Pbx) -> None:
    stranger = issue("stranger")

    assert findings(customer) == ()
    assert findings(customer, AUTHORITY=ROOT.pem) == ()
    assert findings(customer, CHAIN=LEAF.pem) == ()
    assert findings(customer, CHAIN=LEAF.pem, AUTHORITY=ROOT.pem) == ()
    assert [found.code for found in findings(customer, CHAIN=LEAF.pem, AUTHORITY=stranger.pem)] == ["CERT-09"]
    assert [found.code for found in findings(customer, CHAIN=LEAF.pem, KEY=ROOT.key_pem)] == ["CERT-04"]
