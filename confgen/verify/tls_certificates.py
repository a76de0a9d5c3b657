"""The certificates that a TLS port serves: chain, names, time, strength, and whether they are the pushed ones. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from confgen.chains import (
    UNREADABLE,
    carried_names,
    certificates_in,
    is_for,
    is_issued_by,
    is_self_issued,
    issuer_of,
    lacks_usage,
    leads_to,
    misplaced,
    out_of_time,
    strength_of,
    subject_of,
    weaknesses,
)
from confgen.model.check import Evidence
from confgen.verify.tls_asking import question

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from confgen.model.check import Check, Question
    from confgen.verify.expectation import TlsExpectation
    from confgen.verify.target import Target

# X509_V_ERR of OpenSSL: no issuer in hand (2, 20), an unknown root (18, 19), the leaf alone (21)
_ENDS_NOWHERE = frozenset({2, 18, 19, 20, 21})


@dataclass(frozen=True, slots=True)
class SystemsWord:
    """What a handshake that was verified with this machine's own authorities came to."""

    verify_code: int | None  # OpenSSL's; 0 is good, None that there was no handshake
    message: str = ""
    proven: bytes | None = None  # the leaf, in DER, whose key a finished handshake showed the server to hold


def certificate_checks(
    target: Target, expectation: TlsExpectation, served: Sequence[bytes], word: SystemsWord, now: datetime
) -> Iterator[Check]:
    """What is to be said of the chain as it was served, in DER and leaf first."""
    try:
        chain = tuple(x509.load_der_x509_certificate(certificate) for certificate in served)
        evidence = chain_evidence(chain)
        for check in _checks(target, expectation, chain, word, now):
            yield check.with_evidence(evidence)
    except UNREADABLE as error:
        yield question(target, "CERT-18", "chain").failed(
            f"a certificate cannot be read: {error}", "get one that follows RFC 5280"
        )


def _checks(
    target: Target,
    expectation: TlsExpectation,
    chain: tuple[x509.Certificate, ...],
    word: SystemsWord,
    now: datetime,
) -> Iterator[Check]:
    leaf = chain[0]
    if expectation.pushed is not None:
        yield _pushed_check(target, leaf, word.proven, expectation.pushed)
    for name in expectation.names:
        yield _name_check(question(target, "CERT-16", f"certificate for {name}"), leaf, name)
    yield _completeness_check(question(target, "CERT-17", "chain"), chain, expectation, word)
    yield _order_check(question(target, "CERT-18", "order of the chain"), chain)
    ends = min(certificate.not_valid_after_utc for certificate in chain)
    yield replace(_time_check(target, chain, expectation.days_left, now), ends_at=ends)
    yield _strength_check(question(target, "CERT-21", "strength of the certificates"), chain, expectation)
    yield _usage_check(question(target, "CERT-22", "purpose of the certificate"), leaf)


def _pushed_check(target: Target, leaf: x509.Certificate, proven: bytes | None, pushed: str) -> Check:
    """Whether it is the leaf that was shown, which anybody could show, and also the one of a finished handshake.

    `proven` is the latter in DER, None where no handshake came to its end.
    """
    asking = question(target, "CERT-11", "certificate")
    expected = [certificate.public_bytes(Encoding.DER) for certificate in certificates_in(pushed)[:1]]
    shown = leaf.public_bytes(Encoding.DER)
    other = next((served for served in (proven, shown) if served is not None and served not in expected), None)
    if other is not None:
        return asking.failed(
            f"the served certificate (SHA-256 {hashlib.sha256(other).hexdigest()[:16]}…) is not the pushed one",
            "push again; if Asterisk still serves the old one, restart it",
        )
    if proven is not None:
        return asking.passed("the served certificate is the pushed one")
    words = "it looks like the pushed one, but no handshake proved that the server holds its key"
    if target.is_for_providers:  # nobody has a certificate to show there that the port would take
        return asking.not_checked(words)
    return asking.unknown(words)


def _name_check(asking: Question, leaf: x509.Certificate, name: str) -> Check:
    if is_for(leaf, name):
        return asking.passed(f"it is for {name}")
    return asking.failed(
        f"it is for {', '.join(carried_names(leaf)) or 'no name at all'}, not for {name}",
        f"serve one that carries {name} as a subject alternative name; a wildcard does not count (RFC 5922)",
    )


def _completeness_check(
    asking: Question, chain: tuple[x509.Certificate, ...], expectation: TlsExpectation, word: SystemsWord
) -> Check:
    """Whether a client that has the authority and nothing else can follow it."""
    path = _path(chain)
    if expectation.authority is None:
        return _system_check(asking, path, word)
    authorities = certificates_in(expectation.authority)
    if not authorities:
        return asking.unknown("the authority that it should lead to is not known")
    if any(leads_to(path[: length + 1], authorities) for length in range(len(path))):
        return asking.passed(f"it leads from {subject_of(path[0])} to the authority{_noted(path)}")
    return asking.failed(_gap(path), "serve the leaf and every certificate between it and the authority")


def _system_check(asking: Question, path: Sequence[x509.Certificate], word: SystemsWord) -> Check:
    if word.verify_code is None:
        return asking.unknown(f"there was no handshake to verify it in: {word.message}")
    if word.verify_code in _ENDS_NOWHERE:
        return asking.failed(
            f"{_gap(path)} ({word.message})",
            "serve every certificate between leaf and root, or name the authority that it leads to",
        )
    return asking.passed(f"it leads from {subject_of(path[0])} to an authority of this machine{_noted(path)}")


def _path(chain: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """From the leaf upwards as far as what was served goes, whatever its order."""
    path = [chain[0]]
    left = list(chain[1:])
    while True:
        issuer = next((candidate for candidate in left if is_issued_by(path[-1], candidate)), None)
        if issuer is None:
            return path
        left.remove(issuer)
        path.append(issuer)


def _gap(path: Sequence[x509.Certificate]) -> str:
    last = path[-1]
    if is_self_issued(last):
        return f"it ends in {subject_of(last)}, which is not the authority"
    return f"{issuer_of(last)}, which issued {subject_of(last)}, is neither served nor the authority"


def _noted(path: Sequence[x509.Certificate]) -> str:
    is_superfluous = len(path) > 1 and is_self_issued(path[-1])
    return "; that the root is served too is needless" if is_superfluous else ""


def _order_check(asking: Question, chain: Sequence[x509.Certificate]) -> Check:
    lonely = misplaced(chain)
    if lonely is None:
        return asking.passed("each certificate is followed by its issuer")
    return asking.failed(
        f"{subject_of(lonely)} is not followed by its issuer",
        "put the leaf first, then each certificate's issuer, and nothing else: not every phone sorts them",
    )


def _time_check(target: Target, chain: Sequence[x509.Certificate], days_left: int, now: datetime) -> Check:
    wrong = next(out_of_time(chain, now), None)
    asking = question(target, "CERT-19", "time of the certificates")
    mend = "renew it, and have the PBX load it"
    if wrong is not None and wrong.has_ended:
        ended = wrong.certificate.not_valid_after_utc
        return asking.failed(f"{subject_of(wrong.certificate)} ended on {ended:%Y-%m-%d}", mend)
    if wrong is not None:
        begins = wrong.certificate.not_valid_before_utc
        return asking.failed(
            f"{subject_of(wrong.certificate)} begins on {begins:%Y-%m-%d}", "is the clock of this machine right?"
        )
    for certificate in sorted(chain, key=lambda certificate: certificate.not_valid_after_utc):
        ends = certificate.not_valid_after_utc
        if ends < now + _time_to_renew(certificate, days_left):
            return question(target, "CERT-20", "time of the certificates").failed(
                f"{subject_of(certificate)} ends on {ends:%Y-%m-%d}, in {(ends - now).days} days", mend
            )
    ends = min(certificate.not_valid_after_utc for certificate in chain)
    return asking.passed(f"good until {ends:%Y-%m-%d}")


def _time_to_renew(certificate: x509.Certificate, days_left: int) -> timedelta:
    """Those that live for days are renewed when a third of that is left, as by the clients of ACME."""
    lives = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    return min(timedelta(days=days_left), lives / 3)


def _strength_check(asking: Question, chain: Sequence[x509.Certificate], expectation: TlsExpectation) -> Check:
    found = [
        f"{subject_of(certificate)} has {weakness}"
        for certificate in chain
        for weakness in weaknesses(
            certificate, least_rsa_key=expectation.least_rsa_key, least_curve_key=expectation.least_curve_key
        )
    ]
    if found:
        return asking.failed("; ".join(found), "get one with RSA of 2048 bits or more, or P-256, signed with SHA-256")
    return asking.passed(", ".join(strength_of(certificate) for certificate in chain))


def _usage_check(asking: Question, leaf: x509.Certificate) -> Check:
    if lacks_usage(leaf, ExtendedKeyUsageOID.SERVER_AUTH):
        return asking.failed(
            "the certificate is not good for a server",
            "get one whose extended key usage holds serverAuth, or has no extended key usage",
        )
    return asking.passed("the certificate is good for a server")


def chain_evidence(chain: Sequence[x509.Certificate]) -> Evidence:
    """Every certificate as it was served, in the order of the wire."""
    lines = [line for position, certificate in enumerate(chain) for line in _described(position, certificate)]
    return Evidence(title="certificates as served", text="\n".join(lines))


def _described(position: int, certificate: x509.Certificate) -> Iterator[str]:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    yield f"{position}: subject {subject_of(certificate)}"
    yield f"   issuer {issuer_of(certificate)}"
    yield f"   names {', '.join(carried_names(certificate)) or 'none'}"
    yield f"   from {begins:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M} UTC"
    yield f"   {strength_of(certificate)}"
    yield f"   serial {certificate.serial_number:x}"
    yield f"   SHA-256 {_fingerprint(certificate)}"


def _fingerprint(certificate: x509.Certificate) -> str:
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
