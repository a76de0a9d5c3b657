"""The chain is told as it is served, in TLS 1.3 too, and so is the wish for a certificate of ours."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from confgen.streams.tcp import Address, Closed, TimedOut, connect, dialled
from confgen.streams.tls import HandshakeFailed
from confgen.verify.wire.served_chain import ServedChain, look_at_chain
from tests.verify.wire.certificates import Identity
from tests.verify.wire.servers import Handler, answering, hanging_up, server_context, serving, shaking_hands

Certificate = tuple[Path, Path]
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


def look(address: Address, name: str = "pbx.example.test", timeout: float = 5) -> ServedChain:
    with dialled(connect, address, 5) as carrier:
        return look_at_chain(carrier, server_name=name, timeout=timeout)


def looked_at(handler: Handler, timeout: float = 5) -> ServedChain:
    with serving(handler) as address:
        return look(address, timeout=timeout)


def test_a_name_that_nobody_can_have_is_an_error_of_the_wire() -> None:
    with serving(answering()) as address, pytest.raises(HandshakeFailed, match="no name"):
        look(address, "a..b")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("mode", [ssl.CERT_NONE, ssl.CERT_OPTIONAL])
def test_chain_and_demand_are_told(
    pbx_certificate: Certificate,
    pbx_identity: Identity,
    authority: Identity,
    version: ssl.TLSVersion,
    mode: ssl.VerifyMode,
) -> None:
    context = server_context(pbx_certificate, version)
    context.verify_mode = mode
    context.load_verify_locations(cadata=authority.pem)
    found = looked_at(shaking_hands(context))
    assert found.certificates == (pbx_identity.der, authority.der)
    assert found.client_certificate_is_requested is (mode is ssl.CERT_OPTIONAL)
    assert found.version == {771: "TLSv1.2", 772: "TLSv1.3"}[version]


def test_the_server_name_is_sent_unless_it_is_an_address(pbx_certificate: Certificate) -> None:
    names: list[str | None] = []
    context = server_context(pbx_certificate, ssl.TLSVersion.TLSv1_3)
    context.sni_callback = lambda _connection, name, _context: names.append(name)
    with serving(shaking_hands(context)) as address:
        look(address)
        look(address, "192.0.2.1")
    assert names == ["pbx.example.test", None]


def test_what_is_no_tls_is_an_error_of_the_wire(pbx_certificate: Certificate) -> None:
    with pytest.raises(HandshakeFailed):
        looked_at(answering(b"SIP/2.0 400 Bad Request\r\n\r\n"))
    with pytest.raises(HandshakeFailed, match="alert"):
        looked_at(shaking_hands(server_context(pbx_certificate, ssl.TLSVersion.TLSv1_1)))
    with pytest.raises(Closed):
        looked_at(hanging_up)
    with pytest.raises(TimedOut):
        looked_at(answering(), timeout=0.1)
