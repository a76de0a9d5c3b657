"""Weak suites, small groups and a bad order are seen; each has a server that does agree to them."""

from __future__ import annotations

import hashlib
import re
import socket
import ssl
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from confgen.model.check import Check, Verdict
from confgen.verify.expectation import Profile, TlsExpectation, of_profile
from confgen.verify.tls_level import tls_checks
from confgen.verify.tls_negotiation import ask_version, group_check, weak_suites_check
from confgen.verify.wire.cipher_suites import SUITES_BEFORE_TLS_1_3, CipherSuite, Group, TlsVersion
from tests.verify.conftest import DOMAIN, target_at
from tests.verify.wire.certificates import Identity, make_authority, make_identity
from tests.verify.wire.prepared_server import PreparedServer, message, record
from tests.verify.wire.servers import server_context, serving, shaking_hands

STRONG = "ECDHE+AESGCM"
TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


@pytest.fixture(scope="session")
def rsa_certificate(authority: Identity, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return make_identity(authority, DOMAIN, key=key).write(tmp_path_factory.mktemp("rsa"), "rsa")


@pytest.fixture
def expectation(authority: Identity) -> TlsExpectation:
    return of_profile(Profile.STRICT, (DOMAIN,), authority.pem)


def found_of(handler: Callable[[socket.socket], None], expectation: TlsExpectation) -> dict[str, Check]:
    """The last check of each code."""
    with serving(handler) as address:
        return {check.code: check for check in tls_checks(target_at(address), expectation, "127.0.0.1")}


def failed(found: dict[str, Check]) -> set[str]:
    return {code for code, check in found.items() if check.verdict is not Verdict.PASSED}


@pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])
def test_a_good_server_passes_and_every_check_shows_what_it_rests_on(
    certificate: tuple[Path, Path], expectation: TlsExpectation, version: ssl.TLSVersion
) -> None:
    found = found_of(shaking_hands(server_context(certificate, version, ciphers=STRONG)), expectation)
    assert failed(found) == set()
    assert {"TLS-04", "TLS-06", "TLS-07", "TLS-11", "TLS-15", "CERT-10", "CERT-17"} <= found.keys()
    assert "x25519" in found["TLS-11"].message
    assert "> TLS 1." in found["TLS-11"].evidence[0].text
    assert f"subject CN={DOMAIN}" in found["CERT-17"].evidence[0].text
    assert [code for code, check in found.items() if not check.evidence] == ["TLS-15"]


@pytest.mark.parametrize(
    ("ciphers", "named"),
    [
        ("ECDHE-RSA-AES128-SHA", ["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"]),
        ("AES128-GCM-SHA256", ["TLS_RSA_WITH_AES_128_GCM_SHA256"]),  # no forward secrecy
        ("NULL-SHA256:AECDH-AES256-SHA", ["TLS_RSA_WITH_NULL_SHA256", "TLS_ECDH_anon_WITH_AES_256_CBC_SHA"]),
        ("ECDHE-ARIA128-GCM-SHA256", ["TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256"]),
    ],
)
def test_every_weak_suite_beside_a_strong_one_is_named(
    rsa_certificate: tuple[Path, Path], expectation: TlsExpectation, ciphers: str, named: list[str]
) -> None:
    context = server_context(rsa_certificate, TLS_1_2, ciphers=f"ECDHE-RSA-AES256-GCM-SHA384:{ciphers}")
    found = found_of(shaking_hands(context), expectation)
    assert "TLS-06" in failed(found)
    assert set(named) <= set(re.findall(r"TLS_\w+", found["TLS-06"].message))


def test_the_baseline_takes_what_rfc_9325_does_not_forbid(
    rsa_certificate: tuple[Path, Path], authority: Identity
) -> None:
    context = server_context(rsa_certificate, TLS_1_2, ciphers="ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ARIA128-GCM-SHA256")
    found = found_of(shaking_hands(context), of_profile(Profile.BASELINE, (DOMAIN,), authority.pem))
    assert failed(found) == set()


@pytest.mark.parametrize("curve", ["prime192v1", "secp192k1", "sect163k1"])
def test_a_small_curve_that_a_server_agrees_to_is_told(
    rsa_certificate: tuple[Path, Path], expectation: TlsExpectation, curve: str
) -> None:
    context = server_context(rsa_certificate, TLS_1_2, ciphers=STRONG)
    context.set_ecdh_curve(curve)
    found = found_of(shaking_hands(context), expectation)
    assert "TLS-11" in failed(found)
    assert "small group" in found["TLS-11"].message


GOOD_SUITE = CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
OLD_SUITE = CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
AUTHORITY = make_authority()
DHE_SUITE = CipherSuite.TLS_DHE_RSA_WITH_AES_128_GCM_SHA256


def asked_of(server: PreparedServer, profile: Profile = Profile.STRICT) -> dict[str, Check]:
    return found_of(server.serve, of_profile(profile, (DOMAIN,), AUTHORITY.pem))


def test_a_server_that_takes_what_is_offered_first_is_told_where_that_is_weak(served: Identity) -> None:
    found = asked_of(PreparedServer([served.der], [OLD_SUITE, GOOD_SUITE], [Group.secp256r1]))
    assert found["TLS-12"].verdict is Verdict.FAILED
    assert f"{OLD_SUITE.name} is chosen" in found["TLS-12"].message


def test_the_order_of_the_client_is_fine_among_strong_suites(
    certificate: tuple[Path, Path], served: Identity, expectation: TlsExpectation
) -> None:
    other = CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
    found = asked_of(PreparedServer([served.der], [GOOD_SUITE, other], [Group.secp256r1]))
    assert found["TLS-12"].verdict is Verdict.PASSED
    assert found["TLS-12"].message.startswith("the client's")
    context = server_context(certificate, TLS_1_2, ciphers=STRONG)
    context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE
    found = found_of(shaking_hands(context), expectation)
    assert found["TLS-12"].message.startswith("the server's own")


@pytest.mark.parametrize("group", [Group.secp192r1, Group.sect163k1, Group.secp160r1])
def test_a_small_curve_beside_a_good_one_is_seen_where_the_client_names_it_first(
    served: Identity, group: Group
) -> None:
    found = asked_of(PreparedServer([served.der], [GOOD_SUITE], [group, Group.secp256r1]))
    assert found["TLS-11"].verdict is Verdict.FAILED
    assert group.name in found["TLS-11"].message


def test_a_small_curve_is_seen_where_the_server_prefers_others_while_it_can(served: Identity) -> None:
    groups = [Group.secp192r1, Group.secp256r1]
    found = asked_of(PreparedServer([served.der], [GOOD_SUITE], groups, prefers=Group.secp256r1))
    assert found["TLS-11"].verdict is Verdict.FAILED


def test_a_small_curve_is_seen_where_the_server_needs_the_curve_of_its_certificate(served: Identity) -> None:
    groups = [Group.secp192r1, Group.secp256r1]
    found = asked_of(PreparedServer([served.der], [GOOD_SUITE], groups, needs=Group.secp256r1))
    assert found["TLS-11"].verdict is Verdict.FAILED


def test_p_224_is_small_for_the_strict_profile_alone(served: Identity) -> None:
    server = PreparedServer([served.der], [GOOD_SUITE], [Group.secp224r1, Group.secp256r1])
    assert asked_of(server)["TLS-11"].verdict is Verdict.FAILED
    assert asked_of(server, Profile.BASELINE)["TLS-11"].verdict is Verdict.PASSED


@pytest.mark.parametrize(("prime", "expected"), [(1024, Verdict.FAILED), (2048, Verdict.PASSED)])
def test_a_small_prime_is_told_where_dhe_is_allowed(served: Identity, prime: int, expected: Verdict) -> None:
    server = PreparedServer([served.der], [GOOD_SUITE, DHE_SUITE], [Group.secp256r1], prime)
    assert asked_of(server, Profile.BASELINE)["TLS-11"].verdict is expected
    assert asked_of(server)["TLS-06"].verdict is Verdict.FAILED  # DHE itself is off the strict list


def test_a_port_is_asked_a_bounded_number_of_times(served: Identity) -> None:
    bad = PreparedServer([served.der], list(CipherSuite), list(Group), 512)
    asked_of(bad, Profile.BASELINE)
    assert bad.connections <= 25


def test_a_suite_without_a_name_is_not_asked_for_for_ever(expectation: TlsExpectation) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        chosen = struct.pack("!H", 0x0303) + hashlib.sha256(b"").digest() + b"\0" + struct.pack("!HB", 0xFEFE, 0)
        connection.sendall(record(message(2, chosen) + message(14, b"")))

    found = found_of(serve, expectation)
    assert found["TLS-06"].verdict is not Verdict.PASSED


def test_where_no_strong_suite_is_taken_there_is_no_order_to_speak_of(served: Identity) -> None:
    found = asked_of(PreparedServer([served.der], [OLD_SUITE], [Group.secp256r1]))
    assert "TLS-12" not in found
    assert found["TLS-06"].verdict is Verdict.FAILED


def test_nobody_is_told_to_push_to_a_host_that_is_in_no_inventory(served: Identity) -> None:
    found = asked_of(PreparedServer([served.der], list(CipherSuite), list(Group), 512))
    mends = {code: check.mend for code, check in found.items() if check.verdict is Verdict.FAILED}
    assert {"TLS-06", "TLS-11"} <= mends.keys()
    assert [code for code, mend in mends.items() if "push" in mend] == []


def test_every_weak_suite_is_seen_where_a_server_takes_it(served: Identity, expectation: TlsExpectation) -> None:
    weak = [suite for suite in SUITES_BEFORE_TLS_1_3 if suite not in expectation.suites]
    server = PreparedServer([served.der], [], [Group.secp256r1])
    with serving(server.serve) as address:
        for suite in weak:
            server.suites = [suite]
            check = weak_suites_check(target_at(address), expectation, TlsVersion.TLS_1_2)
            assert check.verdict is Verdict.FAILED
            assert check.message == f"{suite.name} is accepted"


def test_every_small_curve_is_seen_where_a_server_takes_it(served: Identity, expectation: TlsExpectation) -> None:
    small = [group for group in Group if group.is_curve and group.bits < 256]
    assert len(small) > 12
    server = PreparedServer([served.der], [GOOD_SUITE], [], prefers=Group.secp256r1)
    with serving(server.serve) as address:
        for group in small:
            server.groups = [group, Group.secp256r1]
            first = ask_version(target_at(address), TlsVersion.TLS_1_2)
            check = group_check(target_at(address), expectation, [first])
            assert check.verdict is Verdict.FAILED
            assert group.name in check.message
