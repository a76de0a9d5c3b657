"""What a PBX must not take: real Asterisk refuses it, or encrypts; where it was harmed, the code of the case tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from _pytest.mark import ParameterSet

from confgen.verify.negative_cases import CalledBy, name_cases, offer_cases
from lab.host import Host
from tests.live.company import Company
from tests.live.faults import CURRENT

_PJSIP = f"{CURRENT}/pjsip.conf"
_LOGS = ("messages.log", "security.log", "cdr-csv/Master.csv")
_OUTSIDE = {"hq": "200", "old": "155"}  # what the routes 2XX and 1XX take, and no number of an emergency


@pytest.mark.parametrize("name", ["hq", "old"])
def test_every_case_passes_and_hardly_anything_is_counted_against_the_prober(company: Company, name: str) -> None:
    host = company.lab.hosts[name]
    before = _sizes(host)

    verified = company.verify(name)

    assert verified.code == 0, verified.told
    found = {check["subject"]: check["verdict"] for check in verified.checks() if check["level"] == "downgrade"}
    assert set(found.values()) == {"passed"}
    expected = {
        f"{case.title} ({kind.name})"
        for case in offer_cases()
        for kind in case.expected
        if case.caller is CalledBy.PROBE
    }
    expected |= {case.title for case in offer_cases() if case.caller is CalledBy.STRANGER}
    assert expected | {case.title for case in name_cases()} <= found.keys()

    messages, security, calls = _written_since(host, before)
    # These three are all that an intrusion detection's filter for Asterisk counts, in either log.
    assert _counted(messages, r"Request '(\w+)' from '<sip:confgen-nobody-") == ["INVITE", "OPTIONS", "REGISTER"]
    assert len(re.findall("No matching endpoint found|Failed to authenticate|Wrong password", messages)) == 3
    assert len(re.findall('SecurityEvent="InvalidAccountID"', security)) == 3
    assert not re.findall("InvalidPassword|ChallengeResponseFailed|FailedACL", security)
    assert f'"{_OUTSIDE[name]}"' not in calls
    assert "0 active channels" in host.asterisk("core show channels")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    """What is changed in pjsip.conf, or in the dialplan in memory, and the cases that tell of it."""

    name: str
    expressions: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    failed: frozenset[tuple[str, str]]


_WITHOUT_GUARD = (
    "dialplan remove extension 600@confgen-probe",
    "dialplan add extension 600,1,Answer() into confgen-probe",
    "dialplan add extension 600,2,Echo() into confgen-probe",
)
_NO_AUTH = "/^auth = confgen-probe$/d"
_OTHER_CONTEXT = "s/^context = confgen-probe/context = phones/"

_FAULTS = (
    _Fault(
        name="an endpoint without auth",
        expressions=(_NO_AUTH,),
        failed=frozenset({("AUTH-02", "INVITE without a password"), ("AUTH-11", "a call outside without a password")}),
    ),
    _Fault(
        name="a probe that reaches what phones reach",
        expressions=(_NO_AUTH, _OTHER_CONTEXT),
        failed=frozenset(
            {
                ("AUTH-11", "a call outside without a password"),
                ("AUTH-12", "a call outside with the probe (SDES)"),
                ("AUTH-12", "a call outside with the probe (DTLS)"),
            }
        ),
    ),
    _Fault(
        name="optimistic without the guard of the dialplan",
        expressions=("s/^media_encryption_optimistic = no/media_encryption_optimistic = yes/",),
        commands=_WITHOUT_GUARD,
        failed=frozenset(
            {
                ("SRTP-06", "plain RTP (SDES)"),
                ("SRTP-07", "the NULL suite on plain RTP (SDES)"),
                ("SRTP-16", "a fingerprint on plain RTP (SDES)"),
                ("SRTP-16", "SDES with feedback (DTLS)"),
                ("SRTP-17", "plain RTP, then an encrypted stream (SDES)"),
            }
        ),
    ),
    _Fault(
        name="media_encryption=no without the guard of the dialplan",
        expressions=("s/^media_encryption = .*/media_encryption = no/",),
        commands=_WITHOUT_GUARD,
        failed=frozenset(
            {
                ("SRTP-05", "an encrypted call (SDES)"),
                ("SRTP-05", "an encrypted call (DTLS)"),
                ("SRTP-06", "plain RTP (SDES)"),
                ("SRTP-13", "a key on plain RTP (SDES)"),
                ("SRTP-17", "plain RTP, then an encrypted stream (SDES)"),
                ("SRTP-18", "no offer (SDES)"),
            }
        ),
    ),
    _Fault(
        name="SDES where DTLS is declared",
        expressions=("s/^media_encryption = dtls/media_encryption = sdes/",),
        failed=frozenset({("SRTP-05", "an encrypted call (DTLS)"), ("SRTP-16", "SDES with feedback (DTLS)")}),
    ),
    _Fault(
        name="OPTIONS that need no password",
        expressions=("s/^force_rport = yes/force_rport = yes\\nallow_unauthenticated_options = yes/",),
        failed=frozenset({("AUTH-13", "OPTIONS as {first} and as nobody")}),
    ),
    _Fault(
        name="an extension without auth",
        expressions=("/^auth = [13]01$/d",),
        failed=frozenset({("AUTH-13", "REGISTER as {first} and as nobody")}),
    ),
)
_QUICK = {"a probe that reaches what phones reach": "hq", "optimistic without the guard of the dialplan": "old"}


def _cases() -> list[ParameterSet]:
    """The two that cost money and privacy, each on one version; the others in the full run."""
    return [
        pytest.param(
            fault,
            name,
            marks=() if _QUICK.get(fault.name) == name else (pytest.mark.full,),
            id=f"{fault.name} on {name}",
        )
        for fault in _FAULTS
        for name in ("hq", "old")
    ]


@pytest.mark.parametrize(("fault", "name"), _cases())
def test_a_seeded_fault_is_caught_by_the_code_of_its_case_and_nothing_rings(
    company: Company, fault: _Fault, name: str
) -> None:
    host = company.lab.hosts[name]
    before = _sizes(host)

    with _harmed(host, fault):
        harmed = company.verify(name)

    assert harmed.code == 1, harmed.told
    found = {(check["code"], check["subject"]) for check in harmed.checks() if check["verdict"] == "failed"}
    first = company.numbers[name][0]
    assert {(code, subject.format(first=first)) for code, subject in fault.failed} <= found, harmed.told
    *_, calls = _written_since(host, before)
    assert f'"{_OUTSIDE[name]}"' not in calls


@pytest.mark.full
@pytest.mark.parametrize("name", ["hq", "old"])
def test_an_extension_that_may_not_come_from_here_is_not_taken_for_a_leak(company: Company, name: str) -> None:
    elsewhere = _Fault(
        name="elsewhere",
        expressions=("s#^permit = 10.77.0.0/24#permit = 10.99.0.0/24#",),
        failed=frozenset(),
    )
    with _harmed(company.lab.hosts[name], elsewhere):
        verified = company.verify(name)

    alike = {check["subject"]: check["verdict"] for check in verified.checks() if check["code"] == "AUTH-13"}
    assert alike == {
        f"{method} as confgen-probe and as nobody": "passed" for method in ("REGISTER", "INVITE", "OPTIONS")
    }


@contextmanager
def _harmed(host: Host, fault: _Fault) -> Iterator[None]:
    """For the length of the block; what is put back by hand needs no new host."""
    written = host.read(_PJSIP)
    try:
        for expression in fault.expressions:
            host.run(["sed", "-i", expression, _PJSIP], check=True)
        assert host.read(_PJSIP) != written
        host.asterisk("module reload res_pjsip.so")
        for command in fault.commands:
            host.asterisk(command)
        yield
    finally:
        host.write(_PJSIP, written)
        host.asterisk("module reload res_pjsip.so")
        host.asterisk("dialplan reload")


def _sizes(host: Host) -> dict[str, int]:
    return {log: len(_log(host, log)) for log in _LOGS}


def _written_since(host: Host, sizes: dict[str, int]) -> list[str]:
    return [_log(host, log)[sizes[log] :].decode(errors="replace") for log in _LOGS]


def _log(host: Host, name: str) -> bytes:
    return host.run(["cat", f"/var/log/asterisk/{name}"]).stdout


def _counted(text: str, pattern: str) -> list[str]:
    return sorted(re.findall(pattern, text))
