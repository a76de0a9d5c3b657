"""The TLS probe sees what a server accepts; each version and each answer has a server that gives it."""

from __future__ import annotations

import hashlib
import socket
import ssl
import struct
from pathlib import Path

import pytest

from confgen.streams.tcp import Address, Refused, connect
from confgen.verify.wire.cipher_suites import (
    ANONYMOUS_SUITES,
    NULL_SUITES,
    SUITES_BEFORE_TLS_1_3,
    CipherSuite,
    Group,
    TlsVersion,
    suites_for,
)
from confgen.verify.wire.client_hello import ClientHello
from confgen.verify.wire.tls_probe import (
    Accepted,
    Declined,
    Downgraded,
    Dropped,
    NotTls,
    Silent,
    TlsAnswer,
    probe_tls,
)
from tests.verify.wire.certificates import Identity
from tests.verify.wire.servers import (
    Handler,
    answering,
    closed_port,
    echo,
    hanging_up,
    resetting,
    server_context,
    serving,
    shaking_hands,
)

VERSIONS = {
    TlsVersion.TLS_1_0: ssl.TLSVersion.TLSv1,
    TlsVersion.TLS_1_1: ssl.TLSVersion.TLSv1_1,
    TlsVersion.TLS_1_2: ssl.TLSVersion.TLSv1_2,
    TlsVersion.TLS_1_3: ssl.TLSVersion.TLSv1_3,
}

Certificate = tuple[Path, Path]


def hello(version: TlsVersion, *suites: CipherSuite) -> ClientHello:
    return ClientHello(version=version, cipher_suites=suites or suites_for(version), server_name="pbx.example.test")


def probe(address: Address, version: TlsVersion, *suites: CipherSuite) -> TlsAnswer:
    return probe_tls(connect, address, hello(version, *suites), 5)


def probe_handler(handler: Handler, version: TlsVersion = TlsVersion.TLS_1_2, timeout: float = 5) -> TlsAnswer:
    with serving(handler) as address:
        return probe_tls(connect, address, hello(version), timeout)


@pytest.mark.parametrize("served", VERSIONS)
@pytest.mark.parametrize("asked", VERSIONS)
def test_exactly_the_version_that_a_server_has_is_accepted(
    served: TlsVersion, asked: TlsVersion, pbx_certificate: Certificate
) -> None:
    with serving(shaking_hands(server_context(pbx_certificate, VERSIONS[served]))) as address:
        answer = probe(address, asked)
    if asked is served:
        assert isinstance(answer, Accepted)
        assert answer.version is served
    elif asked is TlsVersion.TLS_1_3 or asked.code < served.code:
        assert answer == Declined(alert="protocol_version")
    else:
        assert answer == Downgraded(chosen=served.value)


def test_the_chain_is_told_as_it_is_served(
    pbx_certificate: Certificate, pbx_identity: Identity, authority: Identity
) -> None:
    with serving(shaking_hands(server_context(pbx_certificate, ssl.TLSVersion.TLSv1_2))) as address:
        answer = probe(address, TlsVersion.TLS_1_2)
    assert isinstance(answer, Accepted)
    assert answer.certificates == (pbx_identity.der, authority.der)


@pytest.mark.parametrize("version", [TlsVersion.TLS_1_0, TlsVersion.TLS_1_2, TlsVersion.TLS_1_3])
def test_the_group_of_the_key_exchange_is_told(version: TlsVersion, pbx_certificate: Certificate) -> None:
    context = server_context(pbx_certificate, VERSIONS[version])
    context.set_ecdh_curve("secp521r1")
    with serving(shaking_hands(context)) as address:
        answer = probe(address, version)
    # TLS 1.3 gets there by a HelloRetryRequest, since the first key share was of another group.
    assert isinstance(answer, Accepted)
    assert answer.group == "secp521r1"


def test_a_server_without_a_group_in_common_declines(pbx_certificate: Certificate) -> None:
    context = server_context(pbx_certificate, ssl.TLSVersion.TLSv1_3)
    context.set_ecdh_curve("secp521r1")
    only_x25519 = ClientHello(
        version=TlsVersion.TLS_1_3, cipher_suites=suites_for(TlsVersion.TLS_1_3), groups=(Group.x25519,)
    )
    with serving(shaking_hands(context)) as address:
        assert probe_tls(connect, address, only_x25519, 5) == Declined(alert="handshake_failure")


@pytest.mark.parametrize(
    ("suites", "ciphers"), [(ANONYMOUS_SUITES, "aNULL"), (NULL_SUITES, "eNULL")], ids=["anonymous", "NULL"]
)
def test_suites_without_authentication_or_encryption_are_seen_where_they_are_served(
    suites: tuple[CipherSuite, ...], ciphers: str, pbx_certificate: Certificate
) -> None:
    with serving(shaking_hands(server_context(pbx_certificate, ssl.TLSVersion.TLSv1_2, ciphers=ciphers))) as address:
        answer = probe(address, TlsVersion.TLS_1_2, *suites)
    assert isinstance(answer, Accepted)
    assert CipherSuite[answer.cipher_suite] in suites


@pytest.mark.parametrize("suites", [ANONYMOUS_SUITES, NULL_SUITES], ids=["anonymous", "NULL"])
def test_suites_without_authentication_or_encryption_are_declined_where_they_are_not(
    suites: tuple[CipherSuite, ...], pbx_certificate: Certificate
) -> None:
    context = server_context(pbx_certificate, ssl.TLSVersion.TLSv1_2, ciphers="HIGH:!aNULL")
    with serving(shaking_hands(context)) as address:
        assert probe(address, TlsVersion.TLS_1_2, *suites) == Declined(alert="handshake_failure")


def test_every_suite_that_the_local_openssl_can_serve_with_a_certificate_is_offered() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:COMPLEMENTOFALL:!PSK:!SRP:!CAMELLIA:!aDSS:@SECLEVEL=0")
    served = {cipher["name"]: cipher["id"] & 0xFFFF for cipher in context.get_ciphers()}
    assert len(served) > 50
    assert {name for name, number in served.items() if number not in set(CipherSuite)} == set()


def test_strong_suites_are_offered_before_weak_ones() -> None:
    offered = suites_for(TlsVersion.TLS_1_2)
    assert set(offered) == set(SUITES_BEFORE_TLS_1_3)
    assert offered[0] is CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
    assert set(offered[-len({*ANONYMOUS_SUITES, *NULL_SUITES}) :]) == {*ANONYMOUS_SUITES, *NULL_SUITES}


def test_a_demand_for_a_client_certificate_is_seen(pbx_certificate: Certificate) -> None:
    context = server_context(pbx_certificate, ssl.TLSVersion.TLSv1_2)
    with serving(shaking_hands(context)) as address:
        without = probe(address, TlsVersion.TLS_1_2)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(pbx_certificate[0])
    with serving(shaking_hands(context)) as address:
        with_demand = probe(address, TlsVersion.TLS_1_2)
    assert isinstance(without, Accepted)
    assert isinstance(with_demand, Accepted)
    assert without.client_certificate_is_requested is False
    assert with_demand.client_certificate_is_requested is True


def test_the_server_name_is_sent_unless_it_is_an_address(pbx_certificate: Certificate) -> None:
    names: list[str | None] = []
    context = server_context(pbx_certificate, ssl.TLSVersion.TLSv1_2)
    context.sni_callback = lambda _connection, name, _context: names.append(name)
    with serving(shaking_hands(context)) as address:
        for name in ("pbx.example.test", "192.0.2.1", None):
            asked = ClientHello(version=TlsVersion.TLS_1_2, cipher_suites=SUITES_BEFORE_TLS_1_3, server_name=name)
            probe_tls(connect, address, asked, 5)
    assert names == ["pbx.example.test", None, None]


def test_a_closed_port_is_an_error_of_the_wire_and_no_answer() -> None:
    with pytest.raises(Refused):
        probe(closed_port(), TlsVersion.TLS_1_2)


def test_a_server_that_says_nothing_is_silent() -> None:
    def wait(connection: socket.socket) -> None:
        while connection.recv(65536):
            pass

    assert probe_handler(wait, timeout=0.1) == Silent()


def test_a_server_that_hangs_up_or_resets_is_told_apart() -> None:
    assert probe_handler(hanging_up) == Dropped(by_reset=False)
    assert probe_handler(resetting) == Dropped(by_reset=True)


def test_a_server_that_speaks_something_else_is_not_tls() -> None:
    assert isinstance(probe_handler(answering(b"SIP/2.0 400 Bad Request\r\n\r\n")), NotTls)
    assert isinstance(probe_handler(echo), NotTls)  # our own ClientHello is no ServerHello


# Prepared servers: what OpenSSL does not do on demand.


def record(content: bytes, content_type: int = 22) -> bytes:
    return struct.pack("!BHH", content_type, 0x0303, len(content)) + content


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def server_hello(version: int, suite: int, extensions: bytes = b"", random: bytes = bytes(32)) -> bytes:
    body = struct.pack("!H", version) + random + b"\0" + struct.pack("!HB", suite, 0)
    return message(2, body + struct.pack("!H", len(extensions)) + extensions)


SUPPORTED_TLS_1_3 = struct.pack("!HHH", 43, 2, 0x0304)
RSA_SUITE = CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA
HELLO_DONE = message(14, b"")
FATAL_INTERNAL_ERROR = record(bytes([2, 80]), 21)


def test_an_answer_cut_into_single_bytes_and_small_records_is_put_together() -> None:
    flight = server_hello(0x0303, RSA_SUITE) + HELLO_DONE
    records = b"".join(record(flight[start : start + 3]) for start in range(0, len(flight), 3))
    pieces = [records[start : start + 1] for start in range(len(records))]
    answer = probe_handler(answering(*pieces))
    assert isinstance(answer, Accepted)
    assert answer.cipher_suite == "TLS_RSA_WITH_AES_128_CBC_SHA"
    assert answer.group is None


def test_several_messages_in_one_record_are_taken_apart() -> None:
    answer = probe_handler(answering(record(server_hello(0x0303, RSA_SUITE) + message(11, bytes(3)) + HELLO_DONE)))
    assert isinstance(answer, Accepted)
    assert answer.certificates == ()


def test_tls_1_3_is_known_by_its_extension_and_not_by_the_old_field() -> None:
    share = struct.pack("!HHHH", 51, 4, Group.x25519, 0)
    chosen = record(server_hello(0x0303, 0x1301, SUPPORTED_TLS_1_3 + share))
    answer = probe_handler(answering(chosen), TlsVersion.TLS_1_3)
    assert answer == Accepted(version=TlsVersion.TLS_1_3, cipher_suite="TLS_AES_128_GCM_SHA256", group="x25519")
    assert probe_handler(answering(chosen), TlsVersion.TLS_1_2) == Downgraded(chosen="TLS 1.3")
    without_extension = record(server_hello(0x0303, RSA_SUITE))
    assert probe_handler(answering(without_extension), TlsVersion.TLS_1_3) == Downgraded(chosen="TLS 1.2")


def test_a_retry_brings_the_cookie_and_the_wanted_key_share_back() -> None:
    retry = server_hello(
        0x0303,
        0x1301,
        SUPPORTED_TLS_1_3 + struct.pack("!HHH", 51, 2, Group.secp384r1) + struct.pack("!HHH", 44, 5, 3) + b"abc",
        random=hashlib.sha256(b"HelloRetryRequest").digest(),
    )
    hellos: list[bytes] = []

    def handle(connection: socket.socket) -> None:
        hellos.append(connection.recv(65536))
        connection.sendall(record(retry) + record(b"\1", 20))
        hellos.append(connection.recv(65536))
        connection.sendall(FATAL_INTERNAL_ERROR)

    assert probe_handler(handle, TlsVersion.TLS_1_3) == Declined(alert="internal_error")
    first, second = hellos
    assert struct.pack("!HHH", 44, 5, 3) + b"abc" in second
    assert struct.pack("!HH", Group.secp384r1, 97) in second
    assert struct.pack("!HH", Group.secp384r1, 97) not in first
    assert first[11:43] == second[11:43]  # RFC 8446 §4.1.2: the random stays


def test_an_alert_after_the_server_hello_is_no_acceptance_but_is_told() -> None:
    begun = record(server_hello(0x0303, RSA_SUITE))
    assert probe_handler(answering(begun, FATAL_INTERNAL_ERROR)) == Declined(
        alert="internal_error", after_server_hello=True
    )
    assert probe_handler(answering(begun), timeout=0.2) == Silent(after_server_hello=True)


def test_a_warning_does_not_end_the_handshake() -> None:
    unrecognized_name = record(bytes([1, 112]), 21)
    flight = record(server_hello(0x0303, RSA_SUITE) + HELLO_DONE)
    assert isinstance(probe_handler(answering(unrecognized_name + flight)), Accepted)


def test_a_choice_without_a_name_is_told_by_its_number() -> None:
    answer = probe_handler(answering(record(server_hello(0x0303, 0xFEFE) + HELLO_DONE)))
    assert isinstance(answer, Accepted)
    assert answer.cipher_suite == "0xFEFE"
    assert probe_handler(answering(record(server_hello(0x0305, RSA_SUITE)))) == Downgraded(chosen="0x0305")


def test_the_size_of_a_classic_diffie_hellman_group_is_told() -> None:
    key_exchange = message(12, struct.pack("!H", 128) + b"\xff" * 128 + struct.pack("!HB", 1, 2))
    suite = CipherSuite.TLS_DHE_RSA_WITH_AES_128_CBC_SHA
    answer = probe_handler(answering(record(server_hello(0x0303, suite) + key_exchange + HELLO_DONE)))
    assert isinstance(answer, Accepted)
    assert answer.group == "dh-1024"


@pytest.mark.parametrize(
    "garbage",
    [
        record(message(2, b"\3\3")),
        record(server_hello(0x0303, RSA_SUITE)[:-2] + b"\0\x09") + record(bytes(12), 22),
        struct.pack("!BHH", 22, 0x0303, 0),
        struct.pack("!BHH", 22, 0x0303, 0xFFFF),
        record(b"\2", 21),
        record(b"GET", 23),
    ],
    ids=["short hello", "wrong extension length", "empty record", "huge record", "half an alert", "data"],
)
def test_broken_tls_is_not_tls_and_never_an_acceptance(garbage: bytes) -> None:
    assert isinstance(probe_handler(answering(garbage)), NotTls)


def test_ssl_3_0_is_asked_for_without_extensions_and_seen() -> None:
    hellos: list[bytes] = []

    def handle(connection: socket.socket) -> None:
        hellos.append(connection.recv(65536))
        body = struct.pack("!H", 0x0300) + bytes(33) + struct.pack("!HB", RSA_SUITE, 0)
        connection.sendall(struct.pack("!BHH", 22, 0x0300, len(body) + 8) + message(2, body) + HELLO_DONE)

    answer = probe_handler(handle, TlsVersion.SSL_3_0)
    assert isinstance(answer, Accepted)
    assert hellos[0][:3] == b"\x16\x03\x00"
    suites = 2 * (len(SUITES_BEFORE_TLS_1_3) + 1)
    assert len(hellos[0]) == 5 + 4 + 2 + 32 + 1 + 32 + 2 + suites + 2  # nothing behind the compression methods
