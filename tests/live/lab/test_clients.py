"""The clients and the detector tell secure calling from its absence, each in its own way."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lab.capture import capturing
from lab.clients.baresip import baresip
from lab.clients.phone import MediaEncryption, Phone, Transport
from lab.clients.pjsua import Pjsua2Missing, call_with_pjsua2
from lab.clients.sipp import Scenario, run_sipp
from lab.detector import Media, detect
from lab.host import Host
from lab.instance import Instance
from lab.pki import make_authority
from tests.live.lab.conftest import PASSWORD

ECHO = "600"
USERS = {"101": MediaEncryption.SDES, "103": MediaEncryption.DTLS}


def phone(pbx: Host, authority_file: Path, media_encryption: MediaEncryption, user: str = "101") -> Phone:
    return Phone(
        user=user,
        password=PASSWORD,
        server=pbx.address,
        authority=authority_file,
        media_encryption=media_encryption,
    )


@pytest.mark.parametrize("user", USERS, ids=["sdes", "dtls"])
def test_a_secure_call_shows_no_text_and_no_clear_media(
    lab: Instance, pbx: Host, authority_file: Path, tmp_path: Path, user: str
) -> None:
    caller = phone(pbx, authority_file, USERS[user], user)

    with capturing(lab, tmp_path / "call.pcap"), baresip(lab, caller, tmp_path / "baresip") as client:
        assert client.register().is_registered
        call = client.call(ECHO, seconds=1.5)

    assert call.is_established
    assert call.is_srtp
    assert min(call.packets_sent, call.packets_received) > 50
    detected = detect(tmp_path / "call.pcap")
    assert detected.sip_in_clear == ()
    assert {flow.media for flow in detected.rtp_flows} == {Media.ENCRYPTED}
    assert len(detected.rtp_flows) == 2


def test_a_clear_call_is_seen_as_one(lab: Instance, pbx: Host, authority_file: Path, tmp_path: Path) -> None:
    caller = Phone(
        user="104",
        password=PASSWORD,
        server=pbx.address,
        port=5070,
        transport=Transport.UDP,
        media_encryption=MediaEncryption.NONE,
        authority=authority_file,
    )

    with capturing(lab, tmp_path / "call.pcap"), baresip(lab, caller, tmp_path / "baresip") as client:
        assert client.register().is_registered
        call = client.call(ECHO, seconds=1)

    assert call.is_established
    assert not call.is_srtp
    detected = detect(tmp_path / "call.pcap")
    assert {text.text.split()[0] for text in detected.sip_in_clear} == {"REGISTER", "SIP/2.0"}
    assert {flow.media for flow in detected.rtp_flows} == {Media.CLEAR}
    assert len(detected.rtp_flows) == 2


def test_baresip_without_srtp_is_refused(lab: Instance, pbx: Host, authority_file: Path, tmp_path: Path) -> None:
    with baresip(lab, phone(pbx, authority_file, MediaEncryption.NONE), tmp_path / "baresip") as client:
        assert client.register().is_registered
        call = client.call(ECHO)

    assert not call.is_established
    assert call.close_reason == "488 Not Acceptable Here"


def test_baresip_trusts_no_strangers_authority(lab: Instance, pbx: Host, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.pem"
    stranger.write_bytes(make_authority().pem)

    with baresip(lab, phone(pbx, stranger, MediaEncryption.SDES), tmp_path / "baresip") as client:
        assert not client.register().is_registered


def test_baresip_calls_baresip(lab: Instance, pbx: Host, authority_file: Path, tmp_path: Path) -> None:
    with (
        baresip(lab, phone(pbx, authority_file, MediaEncryption.SDES, "101"), tmp_path / "101") as caller,
        baresip(lab, phone(pbx, authority_file, MediaEncryption.SDES, "102"), tmp_path / "102") as callee,
        ThreadPoolExecutor(max_workers=1) as executor,
    ):
        assert caller.register().is_registered
        assert callee.register().is_registered
        answered = executor.submit(callee.answer)
        call = caller.call("102", seconds=1)

        assert call.is_established
        assert answered.result().is_srtp
        assert answered.result().packets_received > 20


def test_sipp_registers_and_calls_with_srtp(lab: Instance, pbx: Host, authority_file: Path, tmp_path: Path) -> None:
    caller = phone(pbx, authority_file, MediaEncryption.SDES)

    with capturing(lab, tmp_path / "call.pcap"):
        run = run_sipp(lab, Scenario.REGISTER_AND_CALL_WITH_SRTP, caller, ECHO, tmp_path / "sipp")

    assert run.error == ""
    assert run.is_success
    flows = detect(tmp_path / "call.pcap").flows(Media.ENCRYPTED)
    assert len(flows) == 2
    assert min(flow.packets for flow in flows) > 50


def test_sipp_with_plain_rtp_is_refused(lab: Instance, pbx: Host, authority_file: Path, tmp_path: Path) -> None:
    caller = phone(pbx, authority_file, MediaEncryption.NONE)

    run = run_sipp(lab, Scenario.PLAIN_RTP_IS_REFUSED, caller, ECHO, tmp_path / "sipp")

    assert run.is_success
    assert run.statuses[-1] == 488


def test_sipp_fails_where_plain_rtp_is_taken(lab: Instance, pbx: Host, authority_file: Path, tmp_path: Path) -> None:
    pjsip = "/etc/asterisk/pjsip.conf"
    before = pbx.read(pjsip)
    pbx.write(pjsip, before.replace(b"media_encryption = sdes", b"media_encryption = no"))
    pbx.asterisk("module reload res_pjsip.so")
    try:
        caller = phone(pbx, authority_file, MediaEncryption.NONE)
        run = run_sipp(lab, Scenario.PLAIN_RTP_IS_REFUSED, caller, ECHO, tmp_path / "sipp")
    finally:
        pbx.write(pjsip, before)
        pbx.asterisk("module reload res_pjsip.so")

    assert not run.is_success
    assert 200 in run.statuses


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="pjsua2-python has no wheel for this Python")
@pytest.mark.parametrize("media_encryption", [MediaEncryption.SDES, MediaEncryption.NONE], ids=["sdes", "none"])
def test_pjsua2_calls_with_srtp_alone(
    lab: Instance, pbx: Host, authority_file: Path, media_encryption: MediaEncryption
) -> None:
    run = call_with_pjsua2(lab, phone(pbx, authority_file, media_encryption), ECHO, seconds=1)

    assert run.registration.is_registered
    assert run.call is not None
    match media_encryption:
        case MediaEncryption.SDES:
            assert run.call.is_established
            assert run.call.is_srtp
            assert min(run.call.packets_sent, run.call.packets_received) > 10
        case _:
            assert run.call.close_reason == "488 Not Acceptable Here"


def test_a_missing_pjsua2_is_said(
    lab: Instance, pbx: Host, authority_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with pytest.raises(Pjsua2Missing, match="no pjsua2-python here"):
        call_with_pjsua2(lab, phone(pbx, authority_file, MediaEncryption.SDES), ECHO)
