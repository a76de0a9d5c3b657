"""Where phones are registered is told by the contacts that Asterisk keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.drivers import asterisk
from confgen.model.driver import Contact
from confgen.model.inventory import Pbx
from tests.drivers.asterisk.scripted_host import ScriptedHost

_REGISTRAR = (
    'registrar 101;@669e63f21d9a43fef35d6e8b899c9b50: {{"via_addr":"10.77.0.1","call_id":"x","path":"",'
    '"endpoint":"101","via_port":"49847","uri":"{uri}","user_agent":"Ph\\"one; transport=tls"}}'
)


def found(pbx: Pbx, *lines: str) -> tuple[Contact, ...]:
    host = ScriptedHost(
        answers={"observe": "\n".join(("running yes", "fact version Asterisk 22.10.1", *lines)).encode()}
    )
    return asterisk.observe(host, pbx).contacts


@pytest.mark.parametrize(
    ("uri", "transport", "address"),
    [
        ("sip:101@10.77.0.1:49847", "udp", "10.77.0.1:49847"),
        ("sip:101@10.77.0.1:49847;transport=TLS", "tls", "10.77.0.1:49847"),
        ("sip:a-user-part-beyond-what-a-list-has-room-for-012@10.0.0.1:50;transport=tcp;ob", "tcp", "10.0.0.1:50"),
        ("sips:101@10.77.0.1:49847", "tls", "10.77.0.1:49847"),
        ("sips:101@10.77.0.1:49847;transport=tcp", "tls", "10.77.0.1:49847"),
        ("sip:101@[2001:db8::1]:5061;ob;transport=ws", "ws", "[2001:db8::1]:5061"),
        ("sip:10.77.0.1", "udp", "10.77.0.1"),
        ("sip:101;transport=tls@10.77.0.1:5060", "udp", "10.77.0.1:5060"),
        ("sip:101@10.77.0.1:5060?X=;transport=tls", "udp", "10.77.0.1:5060"),
    ],
)  # fmt: skip
def test_a_contact_tells_transport_and_address(pbx: Pbx, uri: str, transport: str, address: str) -> None:
    contact = Contact(extension="101", transport=transport, address=address)
    assert found(pbx, _REGISTRAR.format(uri=uri)) == (contact,)


def test_contacts_that_another_database_keeps_are_read_from_the_list(pbx: Pbx) -> None:
    line = "contact 101/sip:101@10.77.0.1:49847                    669e63f21d NonQual        -nan"
    assert found(pbx, line) == (Contact(extension="101", transport="udp", address="10.77.0.1:49847"),)


def test_a_peer_of_chan_sip_that_is_not_registered_has_no_contact(pbx: Pbx) -> None:
    dynamic = " D  Auto (No)  No             "
    lines = (
        f"peer 101/101   10.77.0.1    {dynamic}50724    Unmonitored   ",
        f"peer 102   (Unspecified)  {dynamic}0  Unmonitored",
    )
    assert found(pbx, *lines) == (Contact(extension="101", transport="chan_sip", address="10.77.0.1:50724"),)


def test_the_probe_is_no_phone(pbx: Pbx) -> None:
    assert pbx.probe is not None
    line = _REGISTRAR.format(uri="sip:101@10.77.0.1:49847")
    assert found(replace(pbx, probe=replace(pbx.probe, name="101")), line) == ()


@pytest.mark.parametrize("line", ["registrar 101;@66: {x", "registrar 101", "registrar 1: []", "contact x", "peer"])
def test_what_cannot_be_read_is_no_contact(pbx: Pbx, line: str) -> None:
    assert found(pbx, line) == ()
