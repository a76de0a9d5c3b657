"""After a push, phones that nobody here wrote call with encryption, and cannot call without."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lab.capture import capturing
from lab.clients.baresip import baresip
from lab.clients.phone import MediaEncryption
from lab.clients.pjsua import Pjsua2Missing, call_with_pjsua2
from lab.clients.sipp import Scenario, run_sipp
from lab.detector import Media, detect
from tests.live.company import Company

ECHO = "600"


@pytest.mark.parametrize("number", ["101", "301"], ids=["22", "16"])
def test_a_phone_registers_over_tls_and_hears_its_echo_encrypted(company: Company, tmp_path: Path, number: str) -> None:
    with (
        capturing(company.lab, tmp_path / "pcap"),
        baresip(company.lab, company.phone(number), tmp_path / "phone") as phone,
    ):
        assert phone.register().is_registered
        call = phone.call(ECHO, seconds=1.5)

    assert call.is_established
    assert call.is_srtp
    assert min(call.packets_sent, call.packets_received) > 50
    detected = detect(tmp_path / "pcap")
    assert detected.sip_in_clear == ()
    assert {flow.media for flow in detected.rtp_flows} == {Media.ENCRYPTED}


@pytest.mark.parametrize("number", ["103", "303"], ids=["22", "16"])
def test_a_dtls_phone_hears_its_echo_encrypted(company: Company, tmp_path: Path, number: str) -> None:
    caller = company.phone(number, MediaEncryption.DTLS)
    with baresip(company.lab, caller, tmp_path / "phone") as phone:
        assert phone.register().is_registered
        call = phone.call(ECHO, seconds=1.5)

    assert call.is_established
    assert call.is_srtp
    assert call.packets_received > 50


@pytest.mark.parametrize(
    ("caller", "called"),
    [("101", "201"), ("101", "301"), ("301", "101"), ("101", "102")],
    ids=["22 to 22", "22 to 16", "16 to 22", "within one"],
)
def test_a_call_to_another_extension_is_encrypted_on_every_leg(
    company: Company, tmp_path: Path, caller: str, called: str
) -> None:
    with (
        capturing(company.lab, tmp_path / "pcap"),
        baresip(company.lab, company.phone(caller), tmp_path / "caller") as calling,
        baresip(company.lab, company.phone(called), tmp_path / "called") as answering,
        ThreadPoolExecutor(1) as executor,
    ):
        assert calling.register().is_registered
        assert answering.register().is_registered
        answered = executor.submit(answering.answer)
        call = calling.call(called, seconds=2)
        heard = answered.result()

    assert call.is_established
    assert call.is_srtp
    assert heard.is_srtp
    assert min(call.packets_received, heard.packets_received) > 50
    detected = detect(tmp_path / "pcap")
    assert detected.sip_in_clear == ()
    assert {flow.media for flow in detected.rtp_flows} == {Media.ENCRYPTED}
    # each leg has two directions; a call across a trunk has three legs
    assert len(detected.rtp_flows) == (4 if caller[0] == called[0] else 6)


@pytest.mark.parametrize("number", ["101", "301"], ids=["22", "16"])
def test_sipp_calls_with_srtp_and_is_refused_without(company: Company, tmp_path: Path, number: str) -> None:
    phone = company.phone(number)

    secure = run_sipp(company.lab, Scenario.REGISTER_AND_CALL_WITH_SRTP, phone, ECHO, tmp_path / "secure")
    plain = run_sipp(company.lab, Scenario.PLAIN_RTP_IS_REFUSED, phone, ECHO, tmp_path / "plain")

    assert secure.is_success, secure.error
    assert plain.is_success, plain.error
    assert 488 in plain.statuses


@pytest.mark.parametrize("number", ["101", "301"], ids=["22", "16"])
def test_a_phone_with_srtp_off_gets_488(company: Company, tmp_path: Path, number: str) -> None:
    with baresip(company.lab, company.phone(number, MediaEncryption.NONE), tmp_path / "phone") as phone:
        assert phone.register().is_registered
        call = phone.call(ECHO, seconds=1)

    assert not call.is_established
    assert "488" in call.close_reason


@pytest.mark.parametrize("number", ["101", "301"], ids=["22", "16"])
def test_pjsua2_calls_with_srtp(company: Company, number: str) -> None:
    try:
        run = call_with_pjsua2(company.lab, company.phone(number), ECHO)
    except Pjsua2Missing as missing:
        pytest.skip(str(missing))
    assert run.registration.is_registered
    assert run.call is not None
    assert run.call.is_srtp


@pytest.mark.parametrize(("name", "number"), [("hq", "101"), ("old", "301")], ids=["22", "16"])
def test_the_dialplan_guard_refuses_plain_rtp_where_the_endpoint_was_opened_by_hand(
    company: Company, tmp_path: Path, name: str, number: str
) -> None:
    host = company.harm(name)
    host.run(
        [
            "sh",
            "-c",
            "sed -i 's/^media_encryption = sdes/media_encryption = no/' /etc/confgen/asterisk/current/etc/pjsip.conf",
        ],
        check=True,
    )
    host.asterisk("module reload res_pjsip.so")

    with (
        capturing(company.lab, tmp_path / "pcap"),
        baresip(company.lab, company.phone(number, MediaEncryption.NONE), tmp_path / "phone") as phone,
    ):
        assert phone.register().is_registered
        call = phone.call(ECHO, seconds=1)

    assert not call.is_established
    assert "488" in call.close_reason
