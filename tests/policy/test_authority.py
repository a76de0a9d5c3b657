"""Authorities by which a PBX tells others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from confgen.model.finding import Finding
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


def test_what_was_not_opened_is_not_judged(customer: Pbx) -> None:
    stranger = issue("stranger")

    assert findings(customer) == ()
    assert findings(customer, AUTHORITY=ROOT.pem) == ()
    assert findings(customer, CHAIN=LEAF.pem) == ()
    assert findings(customer, CHAIN=LEAF.pem, AUTHORITY=ROOT.pem) == ()
    assert [found.code for found in findings(customer, CHAIN=LEAF.pem, AUTHORITY=stranger.pem)] == ["CERT-09"]
    assert [found.code for found in findings(customer, CHAIN=LEAF.pem, KEY=ROOT.key_pem)] == ["CERT-04"]
