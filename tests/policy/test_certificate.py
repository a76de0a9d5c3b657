"""A certificate that would silence phones is found before anything is written."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from confgen.model.document import HostFile
from confgen.model.finding import Finding, Severity
from confgen.model.inventory import ClientCertificates, Pbx
from confgen.policy.certificate import certificate_findings
from tests.model.pbxs import a_pbx
from tests.policy.authorities import CLIENT, DAY, NOW, SERVER, Issued, issue, signed_with_sha1

PBX = a_pbx()
ROOT = issue("root")
BETWEEN = issue("between", ROOT)
LEAF = issue("leaf", ROOT, names=[PBX.domain])


def findings(*chain: Issued, key: str | None = None, authority: str = ROOT.pem, pbx: Pbx = PBX) -> tuple[Finding, ...]:
    """Of a chain, leaf first, with the leaf's key unless another text is given."""
    return certificate_findings(
        pbx,
        chain="".join(issued.pem for issued in chain),
        key=chain[0].key_pem if key is None else key,
        authority=authority,
        now=NOW,
    )


def codes(*chain: Issued, key: str | None = None, authority: str = ROOT.pem, pbx: Pbx = PBX) -> list[str]:
    return [finding.code for finding in findings(*chain, key=key, authority=authority, pbx=pbx)]


def leaf_under(issuer: Issued) -> Issued:
    return issue("leaf", issuer, names=[PBX.domain])


def test_a_good_certificate_has_no_finding() -> None:
    assert codes(LEAF) == []
    assert codes(leaf_under(BETWEEN), BETWEEN) == []
    assert codes(leaf_under(BETWEEN), BETWEEN, ROOT) == []
    assert codes(LEAF, authority=BETWEEN.pem + ROOT.pem) == []


def test_a_certificate_may_be_its_own_authority() -> None:
    own = issue("own", names=[PBX.domain])
    assert codes(own, authority=own.pem) == []


@pytest.mark.parametrize("garbage", ["", "garbage", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_holds_no_certificate_is_told_for_chain_and_authority(garbage: str) -> None:
    found = certificate_findings(PBX, chain=garbage, key=LEAF.key_pem, authority=garbage, now=NOW)
    assert [finding.code for finding in found] == ["CERT-03", "CERT-03"]
    assert ["env:CHAIN" in found[0].message, "env:AUTHORITY" in found[1].message] == [True, True]
    assert codes(LEAF, authority=garbage) == ["CERT-03"]


def test_a_key_of_another_certificate_is_told() -> None:
    assert codes(LEAF, key=ROOT.key_pem) == ["CERT-04"]


@pytest.mark.parametrize("key", [LEAF.key_pem_with_pass_phrase, "", "garbage", LEAF.pem])
def test_a_key_that_asterisk_cannot_use_is_told(key: str) -> None:
    (finding,) = findings(LEAF, key=key)
    assert finding.code == "CERT-04"
    assert ("pass phrase" in finding.message) is ("ENCRYPTED" in key)


@pytest.mark.parametrize(
    ("names", "domain", "expected"),
    [
        (["headquarters.example.test"], "headquarters.example.test", []),
        (["HEADQUARTERS.example.TEST"], "headquarters.example.test", []),
        (["other.example.test", "headquarters.example.test"], "headquarters.example.test", []),
        (["192.0.2.11"], "192.0.2.11", []),
        (["2001:db8::11"], "2001:db8:0:0:0:0:0:11", []),
        (["other.example.test"], "headquarters.example.test", ["CERT-05"]),
        (["*.example.test"], "headquarters.example.test", ["CERT-05"]),
        (["headquarters.example.test"], "192.0.2.11", ["CERT-05"]),
        (["xheadquarters.example.test"], "headquarters.example.test", ["CERT-05"]),
        ([], "leaf", ["CERT-05"]),  # the common name does not count
    ],
)
def test_the_certificate_must_carry_the_domain_itself(names: list[str], domain: str, expected: list[str]) -> None:
    assert codes(issue("leaf", ROOT, names=names), pbx=replace(PBX, domain=domain)) == expected


def test_what_the_certificate_is_for_is_told() -> None:
    (of_another,) = findings(issue("leaf", ROOT, names=["a.example.test", "b.example.test"]))
    (of_nobody,) = findings(issue("leaf", ROOT, names=[]))

    assert of_another.message.startswith("the certificate is for a.example.test, b.example.test, not for")
    assert of_nobody.message.startswith("the certificate is for no name at all, not for")


def test_a_certificate_that_has_ended_is_told() -> None:
    leaf = issue("leaf", ROOT, names=[PBX.domain], ends=NOW - DAY)
    (finding,) = findings(leaf)
    assert (finding.code, finding.severity, "2026-05-31" in finding.message) == ("CERT-06", Severity.ERROR, True)


def test_a_certificate_that_has_not_begun_is_told() -> None:
    assert codes(issue("leaf", ROOT, names=[PBX.domain], begins=NOW + DAY)) == ["CERT-06"]


@pytest.mark.parametrize(("days", "expected"), [(1, ["CERT-07"]), (29, ["CERT-07"]), (30, []), (31, [])])
def test_a_certificate_that_ends_soon_is_a_warning(days: int, expected: list[str]) -> None:
    found = findings(issue("leaf", ROOT, names=[PBX.domain], ends=NOW + days * DAY))
    assert [finding.code for finding in found] == expected
    assert all(finding.severity is Severity.WARNING for finding in found)


def test_the_time_of_every_certificate_of_the_chain_counts() -> None:
    between = issue("between", ROOT, ends=NOW - DAY)
    assert codes(leaf_under(between), between) == ["CERT-06"]


def test_a_short_rsa_key_is_told() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 -- what must be found
    assert codes(issue("leaf", ROOT, names=[PBX.domain], key=key)) == ["CERT-08"]


def test_a_small_curve_is_told() -> None:
    assert codes(issue("leaf", ROOT, names=[PBX.domain], key=ec.generate_private_key(ec.SECP224R1()))) == ["CERT-08"]


def test_a_signature_with_sha_1_is_told() -> None:
    root = issue("root", key=rsa.generate_private_key(public_exponent=65537, key_size=2048))
    leaf = signed_with_sha1(issue("leaf", root, names=[PBX.domain]), root)
    weak, unverifiable = findings(leaf, authority=root.pem)
    assert (weak.code, "sha1" in weak.message) == ("CERT-08", True)
    assert unverifiable.code == "CERT-09"  # our own library does not follow such a signature either


def test_a_weak_certificate_on_the_way_to_the_authority_is_told() -> None:
    between = issue("between", ROOT, key=rsa.generate_private_key(public_exponent=65537, key_size=1024))  # noqa: S505
    (finding,) = findings(leaf_under(between), between)
    assert (finding.code, "CN=between" in finding.message) == ("CERT-08", True)


def test_rsa_of_2048_bits_is_good() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert codes(issue("leaf", ROOT, names=[PBX.domain], key=key)) == []


def test_a_chain_in_the_wrong_order_is_told() -> None:
    leaf = leaf_under(BETWEEN)
    assert codes(leaf, ROOT, BETWEEN) == ["CERT-09"]
    assert codes(leaf, LEAF) == ["CERT-09"]


def test_a_chain_with_a_gap_is_told() -> None:
    assert codes(leaf_under(BETWEEN)) == ["CERT-09"]


def test_an_authority_of_the_same_name_with_another_key_is_none() -> None:
    assert codes(LEAF, authority=issue("root").pem) == ["CERT-09"]


@pytest.mark.parametrize(
    ("usages", "demand", "expected"),
    [
        ([], ClientCertificates.REQUIRED, []),
        ([SERVER], ClientCertificates.NOT_REQUESTED, []),
        ([SERVER, CLIENT], ClientCertificates.REQUIRED, []),
        ([CLIENT], ClientCertificates.NOT_REQUESTED, ["CERT-12"]),
        ([SERVER], ClientCertificates.REQUIRED, ["CERT-12"]),
    ],
)
def test_a_certificate_must_be_good_for_its_use(
    usages: list[object], demand: ClientCertificates, expected: list[str]
) -> None:
    pbx = replace(PBX, own_certificate=replace(PBX.certificate, client_certificates=demand))
    leaf = issue("leaf", ROOT, names=[PBX.domain], usages=usages)  # type: ignore[arg-type]
    assert codes(leaf, pbx=pbx) == expected


def test_everything_that_is_wrong_is_told_at_once() -> None:
    leaf = issue("leaf", BETWEEN, names=["other.example.test"], ends=NOW - DAY)
    assert codes(leaf, key=ROOT.key_pem) == ["CERT-04", "CERT-05", "CERT-06", "CERT-09"]


def test_a_finding_names_its_pbx_and_place_and_shows_no_key() -> None:
    for finding in findings(LEAF, key=ROOT.key_pem):
        assert (finding.pbx, finding.place) == (PBX.name, PBX.place)
        assert "BEGIN" not in finding.message + finding.mend


def spoilt(issued: Issued, written: bytes, instead: bytes) -> str:
    """Its PEM text with other bytes in it, as no library would write them; the signature is worth nothing then."""
    der = issued.certificate.public_bytes(Encoding.DER)
    assert len(written) == len(instead)
    assert written in der
    text = base64.encodebytes(der.replace(written, instead)).decode()
    return f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("at", ["chain", "authority"])
@pytest.mark.parametrize("time", [b"00000101000000Z", b"20991301000000Z", b"20990231000000Z"])
def test_a_certificate_whose_time_cannot_be_read_is_none(time: bytes, at: str) -> None:
    timeless = spoilt(issue("root", ends=datetime(2099, 1, 1, tzinfo=UTC)), b"20990101000000Z", time)
    texts = {"chain": LEAF.pem, "authority": ROOT.pem, at: timeless}

    found = certificate_findings(PBX, **texts, key=LEAF.key_pem, now=NOW)

    assert [finding.code for finding in found] == ["CERT-03"]


P_256 = bytes.fromhex("06082a8648ce3d030107")  # the object identifier of its curve, RFC 5480 section 2.1.1.1
NO_CURVE = bytes.fromhex("06082a8648ce3d03017f")


def test_a_key_of_an_unknown_kind_fits_none_and_is_weak() -> None:
    unknown = spoilt(LEAF, P_256, NO_CURVE)

    found = certificate_findings(PBX, chain=unknown, key=LEAF.key_pem, authority=None, now=NOW)

    assert [finding.code for finding in found] == ["CERT-04", "CERT-08"]
    assert ("CERT-04", Severity.ERROR) in on_host("00" * 32, chain=unknown)


def on_host(public_digest: str | None, *, is_usable: bool = True, chain: str = LEAF.pem) -> list[tuple[str, Severity]]:
    key = HostFile(path="/etc/key.pem", digest="00" * 32, public_digest=public_digest, is_usable=is_usable)
    found = certificate_findings(PBX, chain=chain, key=key, authority=ROOT.pem, now=NOW)
    return [(finding.code, finding.severity) for finding in found]


def test_a_key_that_stays_on_the_host_is_compared_by_its_public_part() -> None:
    public = x509.load_pem_x509_certificate(LEAF.pem.encode()).public_key()
    digest = hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
    assert on_host(digest) == []
    assert on_host("00" * 32) == [("CERT-04", Severity.ERROR)]
    assert on_host(None, is_usable=False) == [("CERT-04", Severity.ERROR)]


def test_a_key_of_which_the_host_cannot_tell_even_that_is_left_to_the_handshake_and_said_so() -> None:
    assert on_host(None) == [("CERT-04", Severity.NOTE)]
