"""The TLS level passes a good server, and tells each fault of a bad one with its own code."""

from __future__ import annotations

import ssl
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from confgen.model.check import Check, Level, Verdict
from confgen.model.driver import Material
from confgen.model.inventory import ClientCertificates, Pbx, TlsVersion
from confgen.model.stream import Stream
from confgen.streams.tcp import connect
from confgen.verify.expectation import of_management, of_pbx
from confgen.verify.tls_level import tls_checks
from tests.verify.conftest import answering, failing, target_at
from tests.verify.wire.certificates import Identity, make_authority, make_identity
from tests.verify.wire.servers import closed_port, server_context, serving, shaking_hands
from tests.verify.wire.sip_server import FakePbx

STRONG = "ECDHE+AESGCM"
TLS_1_1, TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
REFUSES = b"\x15\x03\x01\x00\x02\x02\x46"  # protocol_version


def declaring(pbx: Pbx, *versions: TlsVersion) -> Pbx:
    return replace(pbx, tls_versions=frozenset(versions))


def failures(context: ssl.SSLContext, pbx: Pbx, material: Material) -> list[tuple[str, Verdict]]:
    """What a server with this context does not pass, in order."""
    with serving(shaking_hands(context, FakePbx().serve)) as address:
        found = list(tls_checks(target_at(address), of_pbx(pbx, material), "127.0.0.1"))
    assert {check.level for check in found} == {Level.TLS}
    return [(check.code, check.verdict) for check in found if check.verdict is not Verdict.PASSED]


def test_a_server_as_it_was_pushed_passes(certificate: tuple[Path, Path], probed: Pbx, material: Material) -> None:
    pbx = declaring(probed, TlsVersion.TLS_1_2)
    assert failures(server_context(certificate, TLS_1_2, ciphers=STRONG), pbx, material) == []


def test_a_server_of_tls_1_3_alone_passes_where_that_is_declared(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    assert failures(server_context(certificate, TLS_1_3), declaring(probed, TlsVersion.TLS_1_3), material) == []


def test_a_declared_version_that_is_not_spoken_is_told(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    pbx = declaring(probed, TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
    context = server_context(certificate, TLS_1_2, ciphers=STRONG)
    assert failures(context, pbx, material) == [("TLS-05", Verdict.FAILED)]


def test_a_version_that_is_spoken_and_not_declared_is_told(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    context = server_context(certificate, TLS_1_2, ciphers=STRONG)
    context.maximum_version = TLS_1_3
    assert failures(context, declaring(probed, TlsVersion.TLS_1_2), material) == [("TLS-04", Verdict.FAILED)]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_old_version_beside_the_declared_one_is_told(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    context = server_context(certificate, TLS_1_2)
    context.minimum_version = TLS_1_1
    found = failures(context, declaring(probed, TlsVersion.TLS_1_2), material)
    assert ("TLS-04", Verdict.FAILED) in found


def test_a_weak_cipher_suite_is_told(certificate: tuple[Path, Path], probed: Pbx, material: Material) -> None:
    context = server_context(certificate, TLS_1_2, ciphers="ECDHE")  # CBC among them
    assert failures(context, declaring(probed, TlsVersion.TLS_1_2), material) == [("TLS-06", Verdict.FAILED)]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_weak_cipher_suite_of_an_older_version_is_told_too(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    found = failures(server_context(certificate, TLS_1_1), declaring(probed, TlsVersion.TLS_1_2), material)
    assert ("TLS-06", Verdict.FAILED) in found


def test_another_certificate_than_the_pushed_one_is_told(
    certificate: tuple[Path, Path], probed: Pbx, material: Material, authority: Identity
) -> None:
    pushed = replace(material, chain=make_identity(authority, probed.domain).pem)
    context = server_context(certificate, TLS_1_2, ciphers=STRONG)
    assert failures(context, declaring(probed, TlsVersion.TLS_1_2), pushed) == [("CERT-11", Verdict.FAILED)]


def test_who_stands_in_between_for_one_connection_is_told(
    certificate: tuple[Path, Path], probed: Pbx, material: Material, authority: Identity, tmp_path: Path
) -> None:
    """With a certificate of the same authority, where a handshake is finished, and where the chain is shown."""
    pbx = declaring(probed, TlsVersion.TLS_1_2)
    another = make_identity(authority, probed.domain).write(tmp_path, "another")
    good, other = (server_context(files, TLS_1_2, ciphers=STRONG) for files in (certificate, another))
    told = []
    with (
        serving(shaking_hands(good, FakePbx().serve)) as address,
        serving(shaking_hands(other, FakePbx().serve)) as elsewhere,
    ):
        for caught in range(14):
            numbers = count()

            def dial(
                host: str, _port: int, timeout: float, caught: int = caught, numbers: count[int] = numbers
            ) -> Stream:
                return connect(host, (elsewhere if next(numbers) == caught else address).port, timeout)

            found = list(tls_checks(target_at(address, dial=dial), of_pbx(pbx, material), "127.0.0.1"))
            told += [check.code for check in found if check.verdict is not Verdict.PASSED]
    assert told == ["CERT-11", "CERT-11"]


@pytest.mark.parametrize("chain", ["", "garbage", "-----BEGIN CERTIFICATE-----"])
def test_where_no_certificate_is_known_the_served_one_is_not_taken_for_it(
    certificate: tuple[Path, Path], probed: Pbx, material: Material, chain: str
) -> None:
    context = server_context(certificate, TLS_1_2, ciphers=STRONG)
    pbx = declaring(probed, TlsVersion.TLS_1_2)
    assert failures(context, pbx, replace(material, chain=chain)) == [("CERT-11", Verdict.FAILED)]


def test_a_certificate_that_a_phone_would_refuse_is_told(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    context = server_context(certificate, TLS_1_2, ciphers=STRONG)
    pbx = declaring(probed, TlsVersion.TLS_1_2)
    stranger = replace(material, authority=make_authority("another").pem)
    assert failures(context, pbx, stranger) == [("CERT-10", Verdict.FAILED), ("CERT-17", Verdict.FAILED)]


@pytest.mark.parametrize("pem", ["", "garbage"])
def test_without_an_authority_it_is_not_known_whether_a_phone_would_take_the_certificate(
    certificate: tuple[Path, Path], probed: Pbx, material: Material, pem: str
) -> None:
    context = server_context(certificate, TLS_1_2, ciphers=STRONG)
    pbx = declaring(probed, TlsVersion.TLS_1_2)
    assert failures(context, pbx, replace(material, authority=pem)) == [
        ("CERT-10", Verdict.UNKNOWN),
        ("CERT-17", Verdict.UNKNOWN),
    ]


def test_a_server_that_lets_strangers_in_is_told(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    demanding = replace(probed.certificate, client_certificates=ClientCertificates.REQUIRED)
    pbx = replace(declaring(probed, TlsVersion.TLS_1_2), own_certificate=demanding)
    context = server_context(certificate, TLS_1_2, ciphers=STRONG)
    assert failures(context, pbx, material) == [
        ("TLS-08", Verdict.FAILED),
        ("TLS-13", Verdict.FAILED),
        ("TLS-14", Verdict.UNKNOWN),  # there is no certificate of ours
    ]


@pytest.mark.parametrize("version", [TlsVersion.TLS_1_2, TlsVersion.TLS_1_3])
def test_a_server_that_demands_a_certificate_refuses_strangers(
    certificate: tuple[Path, Path], probed: Pbx, material: Material, authority: Identity, version: TlsVersion
) -> None:
    demanding = replace(probed.certificate, client_certificates=ClientCertificates.REQUIRED)
    pbx = replace(declaring(probed, version), own_certificate=demanding)
    spoken = {TlsVersion.TLS_1_2: TLS_1_2, TlsVersion.TLS_1_3: TLS_1_3}[version]
    context = server_context(certificate, spoken, ciphers=STRONG)
    context.load_verify_locations(cadata=authority.pem)
    context.verify_mode = ssl.CERT_REQUIRED
    assert ("TLS-08", Verdict.FAILED) not in failures(context, pbx, material)


def test_a_port_that_refuses_every_version_lets_no_phone_in(probed: Pbx, material: Material) -> None:
    pbx = declaring(probed, TlsVersion.TLS_1_2)
    found = list(tls_checks(target_at(dial=answering(REFUSES)), of_pbx(pbx, material), "127.0.0.1"))
    assert [(check.code, check.verdict) for check in found] == [
        ("TLS-05", Verdict.FAILED),
        ("TLS-04", Verdict.PASSED),
        ("TLS-04", Verdict.PASSED),
        ("TLS-04", Verdict.PASSED),
        ("TLS-04", Verdict.PASSED),
        ("TLS-06", Verdict.PASSED),
        ("TLS-07", Verdict.FAILED),
    ]


def management_failures(context: ssl.SSLContext, pbx: Pbx, material: Material) -> list[tuple[str, Verdict]]:
    with serving(shaking_hands(context, FakePbx().serve)) as address:
        found = list(tls_checks(target_at(address), of_management(pbx, material), "127.0.0.1"))
    assert {check.level for check in found} == {Level.TLS}
    return [(check.code, check.verdict) for check in found if check.verdict is not Verdict.PASSED]


def test_what_is_not_sip_may_speak_tls_1_3_beside_the_declared_version(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    context = server_context(certificate, TLS_1_2, ciphers=STRONG)
    context.maximum_version = TLS_1_3
    assert management_failures(context, declaring(probed, TlsVersion.TLS_1_2), material) == []
    only_1_3 = declaring(probed, TlsVersion.TLS_1_3)
    assert management_failures(context, only_1_3, material) == [("TLS-04", Verdict.FAILED)]
    assert management_failures(server_context(certificate, TLS_1_3), only_1_3, material) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_not_sip_and_speaks_an_old_version_is_told(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    context = server_context(certificate, TLS_1_2)
    context.minimum_version = TLS_1_1
    found = management_failures(context, declaring(probed, TlsVersion.TLS_1_2), material)
    assert ("TLS-04", Verdict.FAILED) in found


def test_what_is_not_sip_serves_the_pushed_certificate_and_no_weak_suite(
    certificate: tuple[Path, Path], probed: Pbx, material: Material, authority: Identity
) -> None:
    pbx = declaring(probed, TlsVersion.TLS_1_2)
    weak = server_context(certificate, TLS_1_2, ciphers="ECDHE")
    assert management_failures(weak, pbx, material) == [("TLS-06", Verdict.FAILED)]
    pushed = replace(material, chain=make_identity(authority, probed.domain).pem)
    strong = server_context(certificate, TLS_1_2, ciphers=STRONG)
    assert management_failures(strong, pbx, pushed) == [("CERT-11", Verdict.FAILED)]


def test_a_port_of_the_management_where_nothing_listens_is_unknown(probed: Pbx, material: Material) -> None:
    assert unproven(list(tls_checks(target_at(closed_port()), of_management(probed, material), "127.0.0.1"))) == {
        Verdict.UNKNOWN
    }


def unproven(found: list[Check]) -> set[Verdict]:
    assert found
    return {check.verdict for check in found}


def test_where_nothing_listens_nothing_is_known(probed: Pbx, material: Material) -> None:
    demanding = replace(probed.certificate, client_certificates=ClientCertificates.REQUIRED)
    pbx = replace(probed, own_certificate=demanding)
    assert unproven(list(tls_checks(target_at(closed_port()), of_pbx(pbx, material), "127.0.0.1"))) == {Verdict.UNKNOWN}


@pytest.mark.parametrize("error", [TimeoutError("silent"), OSError(113, "no route to host")])
def test_where_no_connection_comes_about_nothing_is_known(probed: Pbx, material: Material, error: OSError) -> None:
    target = target_at(dial=failing(error))
    assert unproven(list(tls_checks(target, of_pbx(probed, material), "127.0.0.1"))) == {Verdict.UNKNOWN}


@pytest.mark.parametrize(("answered", "most"), [(0, 1), (3, 5)])
def test_a_port_that_falls_silent_is_not_waited_for_again_and_again(
    probed: Pbx, material: Material, answered: int, most: int
) -> None:
    answers = iter([answering(REFUSES)] * answered)
    dialled: list[str] = []

    def dial(address: str, port: int, timeout: float) -> Stream:
        dialled.append(address)
        return next(answers, answering(TimeoutError("silent")))(address, port, timeout)

    found = list(tls_checks(target_at(dial=dial), of_pbx(probed, material), "127.0.0.1"))
    assert len(dialled) == most
    assert (found[-1].code, found[-1].verdict) == ("TLS-07", Verdict.UNKNOWN)


@pytest.mark.parametrize("answer", [b"SIP/2.0 400 Bad Request\r\n\r\n", TimeoutError("silent")])
def test_what_does_not_speak_tls_proves_nothing(probed: Pbx, material: Material, answer: bytes | OSError) -> None:
    found = list(tls_checks(target_at(dial=answering(answer)), of_pbx(probed, material), "127.0.0.1"))
    assert Verdict.PASSED not in unproven(found)


@pytest.mark.parametrize(
    ("newest", "proven"), [(TLS_1_2, Verdict.NOT_CHECKED), (TLS_1_3, Verdict.PASSED)], ids=["TLS 1.2", "TLS 1.3"]
)
def test_at_a_port_towards_providers_our_own_certificate_is_a_strangers(
    certificate: tuple[Path, Path],
    probed: Pbx,
    material: Material,
    tmp_path: Path,
    newest: ssl.TLSVersion,
    proven: Verdict,
) -> None:
    context = server_context(certificate, TLS_1_2, ciphers=STRONG)
    context.maximum_version = newest
    context.verify_mode = ssl.CERT_REQUIRED
    carriers = tmp_path / "carrier.crt"
    carriers.write_text(make_authority().pem)
    context.load_verify_locations(carriers)
    demanded = replace(probed.certificate, client_certificates=ClientCertificates.REQUIRED)
    spoken = [TlsVersion.TLS_1_2, TlsVersion.TLS_1_3] if newest is TLS_1_3 else [TlsVersion.TLS_1_2]
    pbx = replace(declaring(probed, *spoken), own_certificate=demanded)
    with serving(shaking_hands(context, FakePbx().serve)) as address:
        found = list(tls_checks(replace(target_at(address), is_for_providers=True), of_pbx(pbx, material), "127.0.0.1"))
    assert {check.verdict for check in found if check.code != "CERT-11"} == {Verdict.PASSED}
    assert {check.verdict for check in found if check.code == "CERT-11"} == {proven}  # TLS 1.2 never comes to its end
    assert {"TLS-08", "TLS-13"} <= {check.code for check in found}
    assert {"TLS-07", "CERT-10", "TLS-14"}.isdisjoint({check.code for check in found})
    assert "CERT-17" in {check.code for check in found}  # TLS 1.2 shows the chain to everybody
