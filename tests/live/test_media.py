"""Real PBXs are called, and the media of the calls is proven packet by packet."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from lab.host import Host
from tests.live.company import Company
from tests.live.faults import CURRENT

_FULL = pytest.mark.full


def _media_checks(company: Company, name: str) -> dict[tuple[str, str], str]:
    """What was said of the calls of the probe, by code and subject."""
    verified = company.verify(name)
    checks = {(check["code"], check["subject"]): check["verdict"] for check in verified.checks()}
    found = {key: verdict for key, verdict in checks.items() if key[0] >= "CALL-10" and key[0].startswith("CALL-")}
    assert found, verified.told
    return found


def _edit(host: Host, old: str, new: str) -> None:
    text = host.read(f"{CURRENT}/pjsip.conf")
    assert old.encode() in text
    host.write(f"{CURRENT}/pjsip.conf", text.replace(old.encode(), new.encode()))
    host.asterisk("module reload res_pjsip.so")


SDES, DTLS, STRANGER = "a call with SDES", "a call with DTLS", "a call with DTLS and a wrong fingerprint"
PROVEN = {
    ("CALL-10", SDES): "passed",
    ("CALL-11", SDES): "passed",
    ("CALL-12", SDES): "passed",
    ("CALL-13", DTLS): "passed",
    ("CALL-11", DTLS): "passed",
    ("CALL-14", STRANGER): "passed",
}


@pytest.mark.parametrize("name", ["hq", "old"], ids=["22", "16"])
def test_the_media_of_a_pushed_pbx_is_proven_and_no_call_is_left_up(company: Company, name: str) -> None:
    assert _media_checks(company, name) == PROVEN
    assert "0 active calls" in company.lab.hosts[name].asterisk("core show channels count")


@pytest.mark.parametrize("name", [pytest.param("hq", marks=_FULL), "old"])
def test_a_pbx_that_hears_whoever_shows_any_certificate_is_told(company: Company, name: str) -> None:
    _edit(company.harm(name), "dtls_verify = fingerprint", "dtls_verify = no")
    assert _media_checks(company, name) == {**PROVEN, ("CALL-14", STRANGER): "failed"}


@_FULL
@pytest.mark.parametrize("name", ["hq", "old"], ids=["22", "16"])
def test_an_endpoint_without_encryption_fails_beside_one_that_has_it(company: Company, name: str) -> None:
    _edit(company.harm(name), "media_encryption = sdes", "media_encryption = no")
    with_dtls = {key: verdict for key, verdict in PROVEN.items() if key[1] != SDES}
    assert _media_checks(company, name) == {("CALL-10", SDES): "failed", **with_dtls}


@_FULL
@pytest.mark.parametrize("name", ["hq", "old"], ids=["22", "16"])
def test_an_optimistic_endpoint_encrypts_an_encrypted_offer_all_the_same(company: Company, name: str) -> None:
    """Which is why a positive call proves nothing of the others: that they are refused, the level downgrade says."""
    _edit(company.harm(name), "media_encryption_optimistic = no", "media_encryption_optimistic = yes")
    assert _media_checks(company, name) == PROVEN


@_FULL
@pytest.mark.parametrize("name", ["hq", "old"], ids=["22", "16"])
def test_rtcp_is_encrypted_with_sdes_and_with_dtls(company: Company, name: str) -> None:
    host = company.lab.hosts[name]
    program = ["env", f"PYTHONPATH={Path(__file__).parents[2]}", sys.executable, "-m", "tests.live.long_call"]
    ran = company.lab.run([*program, str(company.folder), host.address, host.domain])
    assert ran.returncode == 0, ran.stderr
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert {(code, subject): verdict for code, subject, verdict, _ in found} == {
        **PROVEN,
        ("CALL-15", SDES): "passed",
        ("CALL-15", DTLS): "passed",
    }
