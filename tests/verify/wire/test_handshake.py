"""The verified handshake takes the right certificate and refuses every other one, with the reason."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from confgen.chains import certificates_in
from confgen.model.stream import Stream
from confgen.streams.tcp import Address, Closed, Deadline, Reset, TimedOut, connect, receive, send
from confgen.streams.tls import (
    CertificateRefused,
    ClientCertificate,
    HandshakeFailed,
    SecureStream,
    Served,
    shake_hands,
    shake_hands_unverified,
)
from tests.verify.wire.certificates import Identity, make_authority, make_identity
from tests.verify.wire.servers import answering, echo, hanging_up, resetting, server_context, serving, shaking_hands

NAME = "pbx.example.test"


@contextmanager
def connected(address: Address) -> Iterator[Stream]:
    stream = connect(address.host, address.port, 5)
    try:
        yield stream
    finally:
        stream.close()


@contextmanager
def secured(address: Address, authority: Identity, name: str = NAME) -> Iterator[tuple[SecureStream, Served]]:
    with connected(address) as carrier:
        stream, served = shake_hands(carrier, server_name=name, authority=authority.pem, timeout=5)
        yield stream, served
        stream.close()


@pytest.mark.parametrize(
    ("version", "name"), [(ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")]
)
def test_a_good_certificate_gives_a_stream_and_is_told(
    version: ssl.TLSVersion,
    name: str,
    authority: Identity,
    pbx_identity: Identity,
    pbx_certificate: tuple[Path, Path],
) -> None:
    handler = shaking_hands(server_context(pbx_certificate, version), echo)
    with serving(handler) as address, secured(address, authority) as (stream, served):
        assert served.version == name
        assert served.certificate == pbx_identity.der
        assert served.sha256 == hashlib.sha256(pbx_identity.der).hexdigest()
        send(stream, b"OPTIONS")
        assert receive(stream, Deadline.after(5)) == b"OPTIONS"


def test_much_text_goes_both_ways_through_records_and_packets(
    authority: Identity, pbx_certificate: tuple[Path, Path]
) -> None:
    content = bytes(range(256)) * 400
    handler = shaking_hands(server_context(pbx_certificate, ssl.TLSVersion.TLSv1_3), echo)
    with serving(handler) as address, secured(address, authority) as (stream, _):
        send(stream, content)
        received = b""
        while len(received) < len(content):
            received += receive(stream, Deadline.after(5))
    assert received == content


def test_a_certificate_for_an_address_is_good_for_that_address(authority: Identity, tmp_path: Path) -> None:
    certificate = make_identity(authority, "127.0.0.1").write(tmp_path, "address")
    handler = shaking_hands(server_context(certificate, ssl.TLSVersion.TLSv1_2), echo)
    with serving(handler) as address, secured(address, authority, "127.0.0.1") as (_, served):
        assert served.version == "TLSv1.2"


@pytest.mark.parametrize("case", ["another name", "another authority", "out of date", "signed by itself"])
def test_a_certificate_that_does_not_hold_is_refused_with_the_reason(
    case: str, authority: Identity, tmp_path: Path
) -> None:
    identity, reason, code = {
        "another name": (make_identity(authority, "other.example.test"), "Hostname mismatch", 62),
        "another authority": (make_identity(make_authority("Other"), NAME), "self-signed certificate in", 19),
        "out of date": (make_identity(authority, NAME, days=-1), "certificate has expired", 10),
        "signed by itself": (make_authority(NAME), "self-signed certificate", 18),
    }[case]
    certificate = identity.write(tmp_path, "refused")
    handler = shaking_hands(server_context(certificate, ssl.TLSVersion.TLSv1_3), echo)
    with serving(handler) as address, connected(address) as carrier:
        with pytest.raises(CertificateRefused, match=reason) as raised:
            shake_hands(carrier, server_name=NAME, authority=authority.pem, timeout=5)
        assert raised.value.verify_code == code
    with serving(handler) as address, connected(address) as carrier:
        _, served = shake_hands_unverified(carrier, server_name=NAME, timeout=5)
        assert served.certificate == identity.der  # a look at it is possible all the same


def test_what_stands_beside_the_authority_is_written_in_any_way(
    authority: Identity, pbx_certificate: tuple[Path, Path]
) -> None:
    pem = f"# Wurzel der Prüfstelle \ufffd\n{authority.pem}"
    assert len(certificates_in(pem)) == 1
    handler = shaking_hands(server_context(pbx_certificate, ssl.TLSVersion.TLSv1_3), echo)
    with serving(handler) as address, connected(address) as carrier:
        stream, _ = shake_hands(carrier, server_name=NAME, authority=pem, timeout=5)
        stream.close()


@pytest.mark.parametrize("name", ["a..b", ".b", "a" * 64 + ".test"])
def test_a_name_that_nobody_can_have_is_an_error_of_the_wire(name: str, authority: Identity) -> None:
    with (
        serving(answering()) as address,
        connected(address) as carrier,
        pytest.raises(HandshakeFailed, match="no name"),
    ):
        shake_hands(carrier, server_name=name, authority=authority.pem, timeout=5)


def test_a_server_of_tls_1_1_is_refused(authority: Identity, pbx_certificate: tuple[Path, Path]) -> None:
    handler = shaking_hands(server_context(pbx_certificate, ssl.TLSVersion.TLSv1_1), echo)
    with serving(handler) as address, connected(address) as carrier, pytest.raises(HandshakeFailed) as raised:
        shake_hands(carrier, server_name=NAME, authority=authority.pem, timeout=5)
    assert raised.value.reason == "TLSV1_ALERT_PROTOCOL_VERSION"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_mutual_tls_takes_our_certificate_and_refuses_strangers(
    version: ssl.TLSVersion, authority: Identity, pbx_certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    context = server_context(pbx_certificate, version)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=authority.pem)
    ours = ClientCertificate(
        certificate=(files := make_identity(authority, "client.example.test").write(tmp_path, "client"))[0],
        key=files[1],
    )
    with serving(shaking_hands(context, echo)) as address, connected(address) as carrier:
        stream, _ = shake_hands(carrier, server_name=NAME, authority=authority.pem, timeout=5, client_certificate=ours)
        send(stream, b"x")
        assert receive(stream, Deadline.after(5)) == b"x"

    def attempt_without_certificate(carrier: Stream) -> None:
        stream, _ = shake_hands(carrier, server_name=NAME, authority=authority.pem, timeout=5)
        # In TLS 1.3 the client is done before the server has seen its certificate: the alert comes when reading.
        receive(stream, Deadline.after(5))

    with (
        serving(shaking_hands(context, echo)) as address,
        connected(address) as carrier,
        pytest.raises(HandshakeFailed, match=r"CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE"),
    ):
        attempt_without_certificate(carrier)


def test_a_key_that_does_not_fit_its_certificate_is_told(authority: Identity, tmp_path: Path) -> None:
    certificate, _ = make_identity(authority, "a").write(tmp_path, "a")
    _, key = make_identity(authority, "b").write(tmp_path, "b")
    wrong = ClientCertificate(certificate=certificate, key=key)
    with (
        serving(echo) as address,
        connected(address) as carrier,
        pytest.raises(HandshakeFailed, match="KEY_VALUES_MISMATCH"),
    ):
        shake_hands(carrier, server_name=NAME, authority=authority.pem, timeout=5, client_certificate=wrong)


def test_a_server_that_does_not_shake_hands_is_an_error_of_its_own_kind(authority: Identity) -> None:
    def attempt(address: Address, timeout: float) -> None:
        with connected(address) as carrier:
            shake_hands(carrier, server_name=NAME, authority=authority.pem, timeout=timeout)

    with serving(hanging_up) as address, pytest.raises(Closed):
        attempt(address, 5)
    with serving(resetting) as address, pytest.raises(Reset):
        attempt(address, 5)
    with serving(answering()) as address, pytest.raises(TimedOut):
        attempt(address, 0.1)
    with serving(answering(b"SIP/2.0 400 Bad Request\r\n\r\n")) as address, pytest.raises(HandshakeFailed):
        attempt(address, 5)


def test_the_end_inside_tls_is_the_end_of_the_stream(authority: Identity, pbx_certificate: tuple[Path, Path]) -> None:
    handler = shaking_hands(server_context(pbx_certificate, ssl.TLSVersion.TLSv1_2))
    with serving(handler) as address, secured(address, authority) as (stream, _):
        assert stream.receive(1, 5) == b""
        stream.close()
        stream.close()


def test_a_reset_inside_tls_is_not_taken_for_its_end(authority: Identity, pbx_certificate: tuple[Path, Path]) -> None:
    context = server_context(pbx_certificate, ssl.TLSVersion.TLSv1_2)
    with serving(shaking_hands(context, resetting)) as address, secured(address, authority) as (stream, _):
        send(stream, b"xx")
        with pytest.raises(Reset):
            stream.receive(1, 5)


def test_silence_inside_tls_ends_at_the_deadline(authority: Identity, pbx_certificate: tuple[Path, Path]) -> None:
    handler = shaking_hands(server_context(pbx_certificate, ssl.TLSVersion.TLSv1_3), echo)
    with serving(handler) as address, secured(address, authority) as (stream, _), pytest.raises(TimedOut):
        receive(stream, Deadline.after(0.1))
