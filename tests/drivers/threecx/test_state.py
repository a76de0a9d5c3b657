"""What a 3CX has, by its own word, is held against what was pushed, and nothing is changed by looking."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from confgen.drivers.threecx.services import NEEDED, service_checks
from confgen.drivers.threecx.state import state
from confgen.drivers.threecx.trunks import trunk_checks, trunks
from confgen.model.check import Check, Level, Vantage, Verdict
from confgen.model.migration import Migration
from confgen.model.version import ProductVersion
from tests.drivers.threecx.proof_site import ProvenSite, a_site
from tests.model.pbxs import PLACE

TRUNKS = ("carrier-site", "hq-site")


def told(checks: Iterable[Check], *codes: str) -> list[tuple[str, str, Verdict]]:
    return [(one.code, one.subject, one.verdict) for one in checks if one.code in codes]


def found(site: ProvenSite) -> tuple[Check, ...]:
    return tuple(state(site.host, site.pbx, site.documents()))


def test_all_that_was_pushed_is_there() -> None:
    site = ProvenSite()
    checks = found(site)
    unseen = [check.code for check in checks if check.verdict is not Verdict.PASSED]
    assert unseen == ["TCX-44", "TCX-34"]  # what plays a 3CX, and what nobody can read
    assert {check.level for check in checks} == {Level.STATE}
    assert {check.vantage for check in checks} == {Vantage.INSIDE}
    assert {check.code for check in checks} == {
        "TCX-31", "TCX-32", "TCX-33", "TCX-34", "TCX-35", "TCX-36", "TCX-37", "TCX-38", "TCX-42",
        "TCX-44",
    }  # fmt: skip


def test_nothing_is_changed_and_no_secret_is_told() -> None:
    site = ProvenSite()
    before = json.dumps(site.host.fake.state.collections, default=str)
    checks = found(site)
    assert json.dumps(site.host.fake.state.collections, default=str) == before
    assert "sentinel" not in repr(checks)


def test_an_extension_that_takes_rtp_in_clear_fails() -> None:
    site = ProvenSite()
    site.user("101")["SRTPMode"] = "SRTPEnabled"
    assert told(found(site), "TCX-32") == [
        ("TCX-32", "Users/101", Verdict.FAILED),
        ("TCX-32", "extensions", Verdict.PASSED),
    ]


def test_an_extension_that_somebody_answers_for_is_waived() -> None:
    until = (datetime.now(UTC) + timedelta(days=9)).date()
    migration = Migration(extensions=("101",), owner="Ann", until=until, place=PLACE)
    site = ProvenSite(pbx=a_site(migration=migration))
    assert told(found(site), "TCX-31", "TCX-32") == [
        ("TCX-31", "objects", Verdict.PASSED),
        ("TCX-32", "Users/101", Verdict.WAIVED),
        ("TCX-32", "extensions", Verdict.PASSED),
    ]


@pytest.mark.parametrize("value", ["Any", "UDP", "TCP"])
def test_a_trunk_that_goes_by_another_transport_fails(value: str) -> None:
    site = ProvenSite()
    site.trunk("hq-site")["TransportRestriction"] = value
    assert ("TCX-33", "Trunks/hq-site", Verdict.FAILED) in told(found(site), "TCX-33")


@pytest.mark.parametrize("value", ["SRTPEnabled", "SRTPDisabled"])
def test_a_trunk_that_takes_rtp_in_clear_fails(value: str) -> None:
    site = ProvenSite()
    site.trunk("carrier-site")["Gateway"]["SRTPMode"] = value
    assert ("TCX-33", "Trunks/carrier-site", Verdict.FAILED) in told(found(site), "TCX-33")


def test_any_other_property_that_is_not_as_pushed_is_named() -> None:
    site = ProvenSite()
    site.user("100")["AllowLanOnly"] = False
    site.trunk("hq-site")["Gateway"]["Host"] = "elsewhere.example.test"
    wrong = [check for check in found(site) if check.code == "TCX-31"]
    assert [(check.subject, check.verdict) for check in wrong] == [
        ("Trunks/hq-site", Verdict.FAILED),
        ("Users/100", Verdict.FAILED),
    ]
    assert wrong[0].message == "Gateway.Host is elsewhere.example.test, not hq.example.test"


def test_what_is_gone_fails() -> None:
    site = ProvenSite()
    users = site.host.fake.state.collections["Users"]
    del users[site.user("101")["Id"]]
    checks = found(site)
    assert ("TCX-31", "Users/101", Verdict.FAILED) in told(checks, "TCX-31")
    assert ("TCX-32", "Users/101", Verdict.UNKNOWN) in told(checks, "TCX-32")


def test_two_objects_under_one_key_are_unknown() -> None:
    site = ProvenSite()
    twin = {**site.user("101"), "Id": 999_999_999}
    site.host.fake.state.collections["Users"][twin["Id"]] = twin
    assert told(found(site), "TCX-31") == [("TCX-31", "Users/101", Verdict.UNKNOWN)]


def test_that_a_secret_was_written_last_is_no_evidence_that_the_pbx_has_it() -> None:
    site = ProvenSite()
    verdicts = {
        documents: told(state(site.host, site.pbx, of), "TCX-34")
        for documents, of in {
            "the same": site.documents(),
            "another": site.documents(salt="2"),
            "of a proof": site.documents_of_a_proof(),
        }.items()
    }
    assert verdicts == {
        "the same": [("TCX-34", "secrets", Verdict.NOT_CHECKED)],
        "another": [("TCX-34", "secrets", Verdict.FAILED)],
        "of a proof": [("TCX-34", "secrets", Verdict.NOT_CHECKED)],
    }


def test_a_secret_that_confgen_never_wrote_is_unknown() -> None:
    assert told(found(ProvenSite(has_pushed=False)), "TCX-34") == [("TCX-34", "secrets", Verdict.UNKNOWN)]


@pytest.mark.parametrize("name", list(NEEDED))
@pytest.mark.parametrize("status", ["Stopped", "StartPending", "Paused"])
def test_a_service_that_must_run_and_does_not_fails(name: str, status: str) -> None:
    services = [{"Name": each, "Status": status if each == name else "Running"} for each in NEEDED]
    verdicts = {check.subject: check.verdict for check in service_checks(services)}
    assert verdicts == {each: Verdict.FAILED if each == name else Verdict.PASSED for each in NEEDED}


def test_a_service_that_is_not_told_is_unknown() -> None:
    assert {check.verdict for check in service_checks([{"Name": "nginx", "Status": "Running"}])} == {Verdict.UNKNOWN}


def test_a_trunk_that_is_not_registered_is_pending_and_says_why() -> None:
    site = ProvenSite()
    site.misbehave(unregistered=("hq-site",))
    checks = [check for check in found(site) if check.subject == "hq-site"]
    (registration,) = (check for check in checks if check.code == "TCX-36")
    assert (registration.verdict, registration.message) == (
        Verdict.PENDING,
        "not registered: the registration failed",
    )
    assert Verdict.FAILED not in {check.verdict for check in checks}


def test_the_certificate_of_the_pbx_that_cannot_be_used_fails_though_the_trunk_is_not_registered() -> None:
    site = ProvenSite()
    site.misbehave(
        unregistered=("hq-site",), analysis={"hq-site": ("RegistrationFailed", "SecureSIPCertificateDateInvalid")}
    )
    assert ("TCX-39", "hq-site", Verdict.FAILED) in told(found(site), "TCX-39")


def test_a_trunk_of_which_3cx_says_both_is_not_passed() -> None:
    site = ProvenSite()
    site.misbehave(analysis={"hq-site": ("RegistrationFailed",)})
    assert ("TCX-36", "hq-site", Verdict.PENDING) in told(found(site), "TCX-36")


@pytest.mark.parametrize(
    ("said", "code", "verdict"),
    [
        ("TransportMismatch", "TCX-37", Verdict.PENDING),
        ("RTPMismatchDetected", "TCX-38", Verdict.PENDING),
        ("CodecMismatch", "TCX-40", Verdict.PENDING),
        ("RegistrarIsIPaddress", "TCX-43", Verdict.FAILED),
        ("ServerAddress:Critical", "TCX-41", Verdict.UNKNOWN),
    ],
)
def test_what_3cx_finds_itself_counts(said: str, code: str, verdict: Verdict) -> None:
    site = ProvenSite()
    site.misbehave(analysis={"carrier-site": ("RegisteredOK", said)})
    assert [one for one in told(found(site), code) if one[1] == "carrier-site"] == [(code, "carrier-site", verdict)]


def test_a_trunk_that_cannot_be_analysed_is_unknown() -> None:
    site = ProvenSite()
    site.misbehave(breaks={"POST /Trunks(*)/Pbx.RunAnalysis": 500})
    assert told(found(site), "TCX-41") == [("TCX-41", name, Verdict.UNKNOWN) for name in TRUNKS]


@pytest.mark.parametrize(
    ("days", "verdict"), [(-1, Verdict.FAILED), (13, Verdict.FAILED), (15, Verdict.PASSED), (400, Verdict.PASSED)]
)
def test_the_authority_of_the_far_end_is_told_before_it_ends(days: int, verdict: Verdict) -> None:
    site, now = ProvenSite(), datetime.now(UTC)
    known = trunks(site.host, site.pbx.product_version)["hq-site"]
    trunk = replace(known, ends_at=(now + timedelta(days=days)).isoformat())
    assert told(trunk_checks(site.host, trunk, "hq-site", now), "TCX-42") == [("TCX-42", "hq-site", verdict)]


def test_a_moment_that_is_none_is_unknown() -> None:
    site = ProvenSite()
    trunk = replace(trunks(site.host, site.pbx.product_version)["hq-site"], ends_at="soon")
    checks = trunk_checks(site.host, trunk, "hq-site", datetime.now(UTC))
    assert told(checks, "TCX-42") == [("TCX-42", "hq-site", Verdict.UNKNOWN)]


def test_an_older_3cx_is_not_asked_for_what_it_does_not_have() -> None:
    site = ProvenSite(pbx=a_site(product_version=ProductVersion(20, 0, 7)))
    assert told(found(site), "TCX-42") == []
