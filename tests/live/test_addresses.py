"""IPv6, and a PBX behind a router that translates addresses."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from confgen.model.secret import Secret
from confgen.streams.tcp import Address, TcpStream, dialled
from confgen.streams.tls import shake_hands
from confgen.verify.wire import sdp
from confgen.verify.wire.digest import Credentials
from confgen.verify.wire.user_agent import Caller, UserAgent
from lab.capture import capturing
from lab.clients.baresip import baresip
from lab.detector import Media, detect
from lab.network import CONTROL_ADDRESS_6
from tests.live.company import Company

_EXTERNAL = "198.51.100.7"
_INSIDE, _OUTSIDE = "10.77.0.1", "10.77.0.2"


def _answered_media_address(company: Company, name: str, number: str, source: str) -> str | None:
    """Where the PBX wants the media of a call to its echo number, that came from this address."""
    host = company.lab.hosts[name]

    def dial(address: str, port: int, timeout: float) -> TcpStream:
        return TcpStream(socket.create_connection((address, port), timeout, source_address=(source, 0)), timeout)

    password = Secret((company.folder / "secrets" / number).read_text().strip())
    caller = Caller(
        user=number,
        domain=host.domain,
        local=Address(host=source, port=40000),
        confgen_version="0",
        credentials=Credentials(username=number, password=password),
    )
    with company.lab.inside(), dialled(dial, Address(host=host.address, port=5061), 5) as carrier:
        stream, _ = shake_hands(carrier, server_name=host.domain, authority=company.authority.read_text(), timeout=5)
        outcome = UserAgent(stream, caller, 5).invite(sdp.savp(source, 40000), "600")
    assert outcome.status == 200
    assert outcome.answer is not None
    return outcome.answer.media[0].address


@pytest.mark.parametrize(
    ("name", "number"), [("hq", "101"), pytest.param("old", "301", marks=pytest.mark.full)], ids=["22", "16"]
)
def test_those_outside_are_told_the_external_address_and_those_inside_its_own(
    company: Company, name: str, number: str
) -> None:
    host = company.harm(name)
    nat = f"    nat: {{external_address: {_EXTERNAL}, local_networks: [{_INSIDE}/32]}}\n"
    company.change_inventory(
        f"  {name}:\n", f"  {name}:\n    sip: {{domain: {host.domain}, bind: [{host.address}]}}\n{nat}"
    )
    company.change_inventory(f"    sip: {{domain: {host.domain}}}\n", "")

    pushed = company.confgen("push", "--limit", name)

    assert pushed.code == 0, pushed.told
    assert _answered_media_address(company, name, number, _INSIDE) == host.address
    assert _answered_media_address(company, name, number, _OUTSIDE) == _EXTERNAL


@pytest.mark.full
@pytest.mark.parametrize(
    ("name", "number", "bind"),
    [pytest.param("hq", "101", None, marks=pytest.mark.full), ("old", "301", "::")],
    ids=["22 at its address", "16 everywhere"],
)
def test_a_pbx_on_ipv6_is_proven_and_carries_an_encrypted_call(
    company: Company, tmp_path: Path, name: str, number: str, bind: str | None
) -> None:
    host = company.harm(name)
    sip = f'{{domain: {host.domain}, bind: ["{bind or host.address6}"]}}'
    company.change_inventory(f"    sip: {{domain: {host.domain}}}\n", f"    sip: {sip}\n")
    company.change_inventory("permit: [10.77.0.0/24]", 'permit: [10.77.0.0/24, "fd77::/64"]')
    company.change_inventory("permit: [10.77.0.1]", 'permit: [10.77.0.1, "fd77::1"]')

    pushed = company.confgen("push", "--limit", name, "--allow-weaker", "phones come by IPv6 too")

    assert pushed.code == 0, pushed.told
    proven = company.verify(name)
    assert proven.code == 0, proven.told
    seen = host.address6 if bind is None else "::1"  # who knows the host by IPv4 leaves the looking to it
    assert {check["subject"] for check in proven.checks() if check["code"] == "TLS-07"} == {f"[{seen}]:5061 handshake"}
    phone = replace(company.phone(number), server=host.domain6)
    with (
        capturing(company.lab, tmp_path / "pcap"),
        baresip(company.lab, phone, tmp_path / "phone", own_address=CONTROL_ADDRESS_6) as client,
    ):
        assert client.register().is_registered
        call = client.call("600", seconds=1.5)
    assert call.is_established
    assert call.is_srtp
    assert min(call.packets_sent, call.packets_received) > 20
    assert {flow.media for flow in detect(tmp_path / "pcap").rtp_flows} == {Media.ENCRYPTED}
