"""What is wrong with a served chain is told by its own code; every fault is served by a real TLS server once."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from confgen.model.check import Check, Verdict
from confgen.verify.expectation import Profile, TlsExpectation, of_profile
from confgen.verify.tls_certificates import SystemsWord, certificate_checks
from confgen.verify.tls_level import tls_checks
from tests.policy.authorities import CLIENT, DAY, NOW, SERVER, Issued, bent, issue, signed_with_sha1
from tests.verify.conftest import DOMAIN, target_at
from tests.verify.wire.certificates import Identity, make_authority, make_identity, make_intermediate
from tests.verify.wire.servers import server_context, serving, shaking_hands

ROOT = issue("root")
BETWEEN = issue("between", ROOT)
LEAF = issue("leaf", BETWEEN, names=[DOMAIN])
GOOD = SystemsWord(0)
EXPECTATION = of_profile(Profile.BASELINE, (DOMAIN,), ROOT.pem)


def checks(*chain: Issued, expectation: TlsExpectation = EXPECTATION, word: SystemsWord = GOOD) -> dict[str, Check]:
    served = [issued.certificate.public_bytes(Encoding.DER) for issued in chain]
    return {check.code: check for check in certificate_checks(target_at(), expectation, served, word, NOW)}


def faults(*chain: Issued, expectation: TlsExpectation = EXPECTATION, word: SystemsWord = GOOD) -> list[str]:
    found = checks(*chain, expectation=expectation, word=word)
    return [code for code, check in found.items() if check.verdict is Verdict.FAILED]


def leaf(issuer: Issued = ROOT, name: str = DOMAIN, **changes: object) -> Issued:
    return issue("leaf", issuer, names=[name], **changes)  # type: ignore[arg-type]


def test_a_complete_chain_passes_with_its_root_or_without() -> None:
    assert faults(LEAF, BETWEEN) == []
    assert faults(LEAF, BETWEEN, ROOT) == []
    assert "needless" in checks(LEAF, BETWEEN, ROOT)["CERT-17"].message
    assert "needless" not in checks(LEAF, BETWEEN)["CERT-17"].message


def test_the_authority_may_be_the_one_between() -> None:
    assert faults(LEAF, expectation=replace(EXPECTATION, authority=BETWEEN.pem)) == []
    assert faults(LEAF, BETWEEN, expectation=replace(EXPECTATION, authority=BETWEEN.pem)) == []


def test_a_missing_intermediate_is_told_by_its_name() -> None:
    assert faults(LEAF) == ["CERT-17"]
    assert "CN=between, which issued CN=leaf" in checks(LEAF)["CERT-17"].message


def test_a_chain_that_leads_elsewhere_is_told() -> None:
    other = issue("root")  # the same name, another key
    assert faults(LEAF, BETWEEN, expectation=replace(EXPECTATION, authority=other.pem)) == ["CERT-17"]


def test_a_wrong_order_is_told_and_is_complete_all_the_same() -> None:
    assert faults(LEAF, ROOT, BETWEEN) == ["CERT-18"]
    assert faults(leaf(), BETWEEN) == ["CERT-18"]  # what does not belong there


@pytest.mark.parametrize("name", ["other.example.test", "*.example.test", "192.0.2.11"])
def test_each_name_by_which_it_is_called_is_looked_for(name: str) -> None:
    assert faults(leaf(name=name)) == ["CERT-16"]
    two = replace(EXPECTATION, names=(DOMAIN, "trunk.example.test"))
    assert faults(leaf(), expectation=two) == ["CERT-16"]
    both = issue("leaf", ROOT, names=[DOMAIN, "trunk.example.test"])
    assert faults(both, expectation=two) == []


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (-30, 365, []),
        (-30, -1, ["CERT-19"]),
        (1, 365, ["CERT-19"]),
        (-30, 13, ["CERT-20"]),
        (-30, 15, []),
        (-1, 5, []),  # public authorities give some for six days
        (-4.1, 1.9, ["CERT-20"]),
        (-3.9, 2.1, []),
    ],
)
def test_time_is_told_before_it_is_over(begins: float, ends: float, expected: list[str]) -> None:
    assert faults(leaf(begins=NOW + begins * DAY, ends=NOW + ends * DAY)) == expected


def test_the_time_of_the_whole_chain_counts_and_the_days_are_a_matter_of_expectation() -> None:
    between = issue("between", ROOT, ends=NOW + 5 * DAY)
    assert faults(leaf(between), between) == ["CERT-20"]
    assert faults(leaf(between), between, expectation=replace(EXPECTATION, days_left=0)) == []
    assert checks(leaf(between), between)["CERT-20"].ends_at == NOW + 5 * DAY
    ended = issue("between", ROOT, ends=NOW - DAY)
    assert faults(leaf(ended), ended, expectation=replace(EXPECTATION, days_left=0)) == ["CERT-19"]


def test_weak_keys_and_signatures_are_told_wherever_they_stand() -> None:
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 -- what must be found
    assert faults(leaf(key=small)) == ["CERT-21"]
    between = issue("between", ROOT, key=small)
    assert faults(leaf(between), between) == ["CERT-21"]
    assert faults(leaf(key=ec.generate_private_key(ec.SECP192R1()))) == ["CERT-21"]
    p_224 = leaf(key=ec.generate_private_key(ec.SECP224R1()))
    assert faults(p_224) == []  # RFC 9325 §4.5 forbids what is smaller
    assert faults(p_224, expectation=of_profile(Profile.STRICT, (DOMAIN,), ROOT.pem)) == ["CERT-21"]


def test_a_signature_with_sha_1_is_told() -> None:
    root = issue("root", key=rsa.generate_private_key(public_exponent=65537, key_size=2048))
    weak = signed_with_sha1(issue("leaf", root, names=[DOMAIN]), root)
    assert "CERT-21" in faults(weak, expectation=replace(EXPECTATION, authority=root.pem))


def test_a_certificate_for_clients_alone_is_told() -> None:
    assert faults(leaf(usages=[CLIENT])) == ["CERT-22"]
    assert faults(leaf(usages=[SERVER])) == []


def proving(issued: Issued) -> SystemsWord:
    return SystemsWord(0, proven=issued.certificate.public_bytes(Encoding.DER))


def test_the_served_certificate_is_the_pushed_one_or_not() -> None:
    word = proving(LEAF)
    assert faults(LEAF, BETWEEN, expectation=replace(EXPECTATION, pushed=LEAF.pem + BETWEEN.pem), word=word) == []
    assert faults(LEAF, BETWEEN, expectation=replace(EXPECTATION, pushed=BETWEEN.pem), word=word) == ["CERT-11"]
    assert "CERT-11" not in checks(LEAF, BETWEEN)  # of a host in no inventory nobody knows


def test_a_chain_that_anybody_could_show_does_not_make_another_leaf_the_pushed_one() -> None:
    """Somebody in between answers one handshake with a certificate of his own, and shows the PBX's in another."""
    pushed = replace(EXPECTATION, pushed=LEAF.pem)
    own = issue("own", BETWEEN, names=[DOMAIN])
    assert faults(LEAF, BETWEEN, expectation=pushed, word=proving(own)) == ["CERT-11"]
    assert faults(own, BETWEEN, expectation=pushed, word=proving(LEAF)) == ["CERT-11"]


@pytest.mark.parametrize(("is_for_providers", "verdict"), [(False, Verdict.UNKNOWN), (True, Verdict.NOT_CHECKED)])
def test_without_a_finished_handshake_nobody_has_shown_to_hold_the_pushed_key(
    verdict: Verdict, *, is_for_providers: bool
) -> None:
    target = replace(target_at(), is_for_providers=is_for_providers)
    expectation = replace(EXPECTATION, pushed=LEAF.pem)
    served = [issued.certificate.public_bytes(Encoding.DER) for issued in (LEAF, BETWEEN)]
    found = {check.code: check for check in certificate_checks(target, expectation, served, SystemsWord(None), NOW)}
    assert found["CERT-11"].verdict is verdict
    assert "proved" in found["CERT-11"].message


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (SystemsWord(0), Verdict.PASSED),
        (SystemsWord(62, "Hostname mismatch"), Verdict.PASSED),  # it comes after the chain
        (SystemsWord(20, "unable to get local issuer certificate"), Verdict.FAILED),
        (SystemsWord(None, "reset"), Verdict.UNKNOWN),
    ],
)
def test_without_an_authority_of_its_own_this_machine_decides(word: SystemsWord, expected: Verdict) -> None:
    found = checks(LEAF, expectation=replace(EXPECTATION, authority=None), word=word)
    assert found["CERT-17"].verdict is expected


def test_what_is_no_certificate_is_told() -> None:
    (check,) = certificate_checks(target_at(), EXPECTATION, [b"garbage"], SystemsWord(0), NOW)
    assert (check.code, check.verdict) == ("CERT-18", Verdict.FAILED)


def with_twins() -> Issued:
    """One extension twice, which RFC 5280 §4.2 forbids."""
    twins = [x509.UnrecognizedExtension(x509.ObjectIdentifier(f"1.2.3.4.{last}"), b"\5\0") for last in (77, 78)]
    issued = issue("leaf", ROOT, names=[DOMAIN], usages=[SERVER], extensions=twins)
    return bent(issued, b"\x06\x04\x2a\x03\x04\x4e", b"\x06\x04\x2a\x03\x04\x4d")


@pytest.mark.parametrize(
    ("crooked", "told"),
    [
        (with_twins(), "CERT-22"),
        (bent(issue("crooked", ROOT, names=[DOMAIN]), b"crooked", b"\xff" * 7), "CERT-17"),
        (bent(issue("leaf", ROOT, names=[DOMAIN]), DOMAIN.encode(), b"\xff" * len(DOMAIN)), "CERT-16"),
        (bent(leaf(), bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d030163")), "CERT-21"),
    ],
)
def test_a_certificate_that_cannot_be_read_fails_and_takes_no_other_check_with_it(crooked: Issued, told: str) -> None:
    found = checks(crooked)
    assert found[told].verdict is Verdict.FAILED
    assert {"CERT-16", "CERT-17", "CERT-18", "CERT-19", "CERT-21", "CERT-22"} <= found.keys()


def test_what_is_read_only_when_it_is_asked_for_is_a_fault_of_the_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(_: object) -> bool:
        raise x509.DuplicateExtension("twice", SERVER)

    monkeypatch.setattr("confgen.verify.tls_certificates.misplaced", unreadable)
    found = checks(LEAF, BETWEEN)
    assert found["CERT-18"].verdict is Verdict.FAILED
    assert found["CERT-17"].verdict is Verdict.PASSED


def test_what_a_stranger_wrote_into_a_certificate_moves_no_cursor() -> None:
    found = checks(issue("leaf\x1b[2J\nPASSED", ROOT, names=[DOMAIN]))
    texts = [check.message + check.evidence[0].text.replace("\n", "") for check in found.values()]
    assert all(text.isprintable() for text in texts)
    assert any("leaf\\x1b[2J\\x0aPASSED" in text for text in texts)


# On the wire: the positive control of each, which a real server serves.


def served_faults(folder: Path, identity: Identity, authority: Identity, version: ssl.TLSVersion) -> set[str]:
    context = server_context(identity.write(folder, "served"), version, ciphers="ECDHE+AESGCM")
    with serving(shaking_hands(context)) as address:
        found = list(tls_checks(target_at(address), of_profile(Profile.STRICT, (DOMAIN,), authority.pem), "127.0.0.1"))
    return {check.code for check in found if check.verdict is not Verdict.PASSED}


def chained(identity: Identity, *chain: x509.Certificate) -> Identity:
    return replace(identity, chain=chain)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_each_fault_is_seen_where_a_server_serves_it(
    tmp_path: Path, authority: Identity, version: ssl.TLSVersion
) -> None:
    between = make_intermediate(authority)
    whole = make_identity(between, DOMAIN)
    root, middle = authority.certificate, between.certificate
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 -- what must be found
    cases: Sequence[tuple[Identity, set[str]]] = [
        (whole, set()),
        (chained(whole, middle), set()),
        (chained(whole), {"CERT-10", "CERT-17"}),
        (chained(whole, root, middle), {"CERT-18"}),
        (make_identity(authority, DOMAIN, days=-1), {"CERT-10", "CERT-19"}),
        (make_identity(authority, DOMAIN, days=10), {"CERT-20"}),
        (make_identity(authority, "other.example.test"), {"CERT-10", "CERT-16"}),
        (make_identity(make_authority(), DOMAIN), {"CERT-10", "CERT-17"}),
        (make_identity(authority, DOMAIN, key=small), {"CERT-10", "CERT-21"}),
    ]
    for identity, expected in cases:
        assert served_faults(tmp_path, identity, authority, version) == expected
