"""Where certificates are demanded, nobody, a stranger and we ourselves are told apart; elsewhere nobody is shut out."""

from __future__ import annotations

import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from confgen.model.check import Check, Verdict
from confgen.model.inventory import ClientCertificates
from confgen.streams.tls import ClientCertificate
from confgen.verify.expectation import Profile, TlsExpectation, of_profile
from confgen.verify.identity import stranger
from confgen.verify.tls_clients import demand_checks
from confgen.verify.tls_level import tls_checks
from confgen.verify.wire.cipher_suites import CipherSuite, Group
from tests.verify.conftest import DOMAIN, target_at
from tests.verify.conftest import answering as answering_at_once
from tests.verify.wire.certificates import Identity, make_authority, make_identity
from tests.verify.wire.prepared_server import PreparedServer
from tests.verify.wire.servers import Handler, answering, server_context, serving, shaking_hands
from tests.verify.wire.sip_server import FakePbx

VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


@pytest.fixture
def expectation(authority: Identity) -> TlsExpectation:
    return of_profile(Profile.STRICT, (DOMAIN,), authority.pem)


@pytest.fixture
def demanding(expectation: TlsExpectation) -> TlsExpectation:
    return replace(expectation, client_certificates=ClientCertificates.REQUIRED)


@pytest.fixture(scope="session")
def ours(authority: Identity, tmp_path_factory: pytest.TempPathFactory) -> ClientCertificate:
    certificate, key = make_identity(authority, DOMAIN).write(tmp_path_factory.mktemp("ours"), "ours")
    return ClientCertificate(certificate=certificate, key=key)


def context_of(
    certificate: tuple[Path, Path], version: ssl.TLSVersion, mode: ssl.VerifyMode, *trusted: str
) -> ssl.SSLContext:
    context = server_context(certificate, version, ciphers="ECDHE+AESGCM")
    context.verify_mode = mode
    for pem in trusted:
        context.load_verify_locations(cadata=pem)
    return context


def verdicts(handler: Handler, expectation: TlsExpectation, shown: ClientCertificate | None = None) -> dict[str, Check]:
    with serving(handler) as address:
        target = replace(target_at(address), client_certificate=shown)
        found = {check.code: check for check in tls_checks(target, expectation, "127.0.0.1")}
    return {code: found[code] for code in ("TLS-07", "TLS-08", "TLS-13", "TLS-14", "TLS-15") if code in found}


def told(found: dict[str, Check]) -> dict[str, Verdict]:
    return {code: check.verdict for code, check in found.items()}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_port_that_refuses_strangers_and_takes_ours_passes(
    certificate: tuple[Path, Path],
    authority: Identity,
    demanding: TlsExpectation,
    ours: ClientCertificate,
    version: ssl.TLSVersion,
) -> None:
    context = context_of(certificate, version, ssl.CERT_REQUIRED, authority.pem)
    found = verdicts(shaking_hands(context, FakePbx().serve), demanding, ours)
    assert told(found) == dict.fromkeys(("TLS-07", "TLS-08", "TLS-13", "TLS-14"), Verdict.PASSED)
    assert "OPTIONS answered 200" in found["TLS-14"].evidence[0].text
    if version is ssl.TLSVersion.TLSv1_2:  # after a handshake of 1.3 a reset may overtake the alert
        assert "ALERT" in found["TLS-13"].evidence[0].text


@pytest.mark.parametrize("version", VERSIONS)
def test_a_port_that_asks_and_takes_who_has_none_is_told(
    certificate: tuple[Path, Path],
    authority: Identity,
    demanding: TlsExpectation,
    ours: ClientCertificate,
    version: ssl.TLSVersion,
) -> None:
    context = context_of(certificate, version, ssl.CERT_OPTIONAL, authority.pem)
    found = told(verdicts(shaking_hands(context, FakePbx().serve), demanding, ours))
    assert found == {
        "TLS-07": Verdict.PASSED,
        "TLS-08": Verdict.FAILED,
        "TLS-13": Verdict.PASSED,
        "TLS-14": Verdict.PASSED,
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_a_port_that_takes_any_certificate_is_told(
    certificate: tuple[Path, Path], demanding: TlsExpectation, ours: ClientCertificate, version: ssl.TLSVersion
) -> None:
    context = server_context(certificate, version, ciphers="ECDHE+AESGCM")  # it does not even ask
    found = told(verdicts(shaking_hands(context, FakePbx().serve), demanding, ours))
    assert (found["TLS-08"], found["TLS-13"]) == (Verdict.FAILED, Verdict.FAILED)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_port_that_refuses_ours_too_proves_nothing_about_strangers(
    certificate: tuple[Path, Path], demanding: TlsExpectation, ours: ClientCertificate, version: ssl.TLSVersion
) -> None:
    context = context_of(certificate, version, ssl.CERT_REQUIRED, make_authority().pem)
    assert told(verdicts(shaking_hands(context), demanding, ours))["TLS-14"] is Verdict.FAILED


@pytest.mark.parametrize("version", VERSIONS)
def test_where_our_key_never_leaves_the_host_ours_is_unknown(
    certificate: tuple[Path, Path], authority: Identity, demanding: TlsExpectation, version: ssl.TLSVersion
) -> None:
    context = context_of(certificate, version, ssl.CERT_REQUIRED, authority.pem)
    found = told(verdicts(shaking_hands(context), demanding))
    assert found["TLS-14"] is Verdict.UNKNOWN
    assert found["TLS-07"] is not Verdict.FAILED


def test_a_port_that_asks_nobody_says_so(certificate: tuple[Path, Path], expectation: TlsExpectation) -> None:
    for version in VERSIONS:
        found = verdicts(shaking_hands(server_context(certificate, version)), expectation)
        assert found["TLS-15"].message == "none is asked for"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("mode", [ssl.CERT_OPTIONAL, ssl.CERT_REQUIRED])
def test_where_none_is_demanded_to_ask_for_one_is_fine_and_to_demand_it_is_not(
    certificate: tuple[Path, Path],
    authority: Identity,
    expectation: TlsExpectation,
    version: ssl.TLSVersion,
    mode: ssl.VerifyMode,
) -> None:
    handler = shaking_hands(context_of(certificate, version, mode, authority.pem), FakePbx().serve)
    free = replace(expectation, client_certificates=ClientCertificates.NOT_REQUESTED)
    expected = Verdict.PASSED if mode is ssl.CERT_OPTIONAL else Verdict.FAILED
    assert verdicts(handler, free)["TLS-15"].verdict is expected
    assert verdicts(handler, expectation)["TLS-15"].verdict is Verdict.PASSED  # nobody says what it should be


def test_who_answers_in_another_protocol_has_let_us_in(
    certificate: tuple[Path, Path], demanding: TlsExpectation, ours: ClientCertificate
) -> None:
    context = server_context(certificate, ssl.TLSVersion.TLSv1_3)
    greeting = answering(b"Asterisk Call Manager/9.0.0\r\n\r\n")
    found = verdicts(shaking_hands(context, greeting), demanding, ours)
    assert found["TLS-08"].verdict is Verdict.FAILED


def test_silence_is_no_refusal(
    certificate: tuple[Path, Path], demanding: TlsExpectation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("confgen.verify.tls_clients.TIMEOUT", 0.1)
    context = server_context(certificate, ssl.TLSVersion.TLSv1_3)
    found = told(verdicts(shaking_hands(context, answering()), demanding))
    assert (found["TLS-08"], found["TLS-13"]) == (Verdict.UNKNOWN, Verdict.UNKNOWN)


@pytest.mark.parametrize(
    ("is_requested", "verdict"), [(True, Verdict.PASSED), (False, Verdict.UNKNOWN), (None, Verdict.UNKNOWN)]
)
def test_a_port_for_providers_that_drops_everybody_refuses_no_stranger(
    verdict: Verdict, *, is_requested: bool | None
) -> None:
    target = replace(target_at(dial=answering_at_once(b"")), is_for_providers=True)
    found = list(demand_checks(target, "127.0.0.1", is_requested=is_requested))
    assert [(check.code, check.verdict) for check in found] == [("TLS-08", verdict), ("TLS-13", verdict)]


def test_a_handshake_that_breaks_on_our_side_is_no_refusal(served: Identity, demanding: TlsExpectation) -> None:
    server = PreparedServer([served.der], [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256], [Group.secp256r1])
    found = told(verdicts(server.serve, demanding))  # its key exchange is signed with nothing
    assert (found["TLS-08"], found["TLS-13"]) == (Verdict.UNKNOWN, Verdict.UNKNOWN)


def test_a_stranger_is_somebody_else_each_time() -> None:
    with stranger("a" * 300) as one, stranger(DOMAIN) as other:
        assert one is not None
        assert other is not None
        assert one.certificate.read_bytes() != other.certificate.read_bytes()
        assert b"PRIVATE KEY" in one.key.read_bytes()
