"""Rules for a PBX's certificate: a fault that would silence every phone is found before anything is written. Pure."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from confgen.chains import (
    UNREADABLE,
    carried_names,
    certificates_in,
    is_for,
    issuer_of,
    lacks_usage,
    leads_to,
    misplaced,
    out_of_time,
    subject_of,
    weaknesses,
)
from confgen.model.document import HostFile
from confgen.model.finding import Finding, Severity
from confgen.model.inventory import ClientCertificates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from cryptography import x509

    from confgen.model.finding import Place
    from confgen.model.inventory import Pbx

_FORM = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
_SOON = timedelta(days=30)


def certificate_findings(
    pbx: Pbx, *, chain: str, key: str | HostFile | None, authority: str | None, now: datetime
) -> tuple[Finding, ...]:
    """Whether chain, key and authority (PEM texts) fit each other, the PBX's name and the time.

    Of a key that lies on the PBX's host only its public part is known, or not even that. What is None was not looked
    at, and nothing is said of it.
    """
    return tuple(_findings(pbx, chain, key, authority, now))


def _findings(
    pbx: Pbx, chain: str, key: str | HostFile | None, authority: str | None, now: datetime
) -> Iterator[Finding]:
    certificates = certificates_in(chain)
    authorities = None if authority is None else certificates_in(authority)
    if not certificates:
        yield _finding(
            pbx, "CERT-03", f"{pbx.certificate.chain} holds no certificate in PEM", "export it as PEM, leaf first"
        )
    if authorities == ():
        yield _finding(
            pbx, "CERT-03", f"{pbx.certificate.authority} holds no certificate in PEM", "export the authority as PEM"
        )
    if not certificates or authorities == ():
        return
    leaf = certificates[0]
    if key is not None:
        yield from _host_key_findings(pbx, leaf, key) if isinstance(key, HostFile) else _key_findings(pbx, leaf, key)
    yield from _name_findings(pbx, leaf)
    yield from _time_findings(pbx, certificates, now)
    yield from _strength_findings(pbx, certificates)
    yield from _usage_findings(pbx, leaf)
    yield from _chain_findings(pbx, certificates, authorities)


def _key_findings(pbx: Pbx, leaf: x509.Certificate, key: str) -> Iterator[Finding]:
    try:
        private = load_pem_private_key(key.encode(), password=None)
    except TypeError:
        yield _finding(
            pbx,
            "CERT-04",
            f"{pbx.certificate.key} has a pass phrase",
            "store it without one: nobody types it when the PBX starts",
        )
        return
    except (ValueError, UnsupportedAlgorithm):
        yield _finding(pbx, "CERT-04", f"{pbx.certificate.key} holds no private key in PEM", "export it as PEM")
        return
    if private.public_key().public_bytes(*_FORM) != _public_part(leaf):
        yield _unfit(pbx)


def _host_key_findings(pbx: Pbx, leaf: x509.Certificate, key: HostFile) -> Iterator[Finding]:
    public = _public_part(leaf)
    if not key.is_usable:
        yield _finding(
            pbx,
            "CERT-04",
            f"{pbx.certificate.key} has a pass phrase, or is no private key",
            "store it in PEM and without a pass phrase: nobody types it when the PBX starts",
        )
    elif key.public_digest is None:
        yield Finding(
            code="CERT-04",
            message=f"whether {pbx.certificate.key} fits the certificate is told by the handshake after the push only",
            mend="install openssl on the host, and it is known before",
            severity=Severity.NOTE,
            place=_place(pbx),
            pbx=pbx.name,
        )
    elif public is None or key.public_digest != hashlib.sha256(public).hexdigest():
        yield _unfit(pbx)


def _public_part(leaf: x509.Certificate) -> bytes | None:
    """None where its key is of a kind that no private one can be compared with."""
    try:
        return leaf.public_key().public_bytes(*_FORM)
    except UNREADABLE:
        return None


def _unfit(pbx: Pbx) -> Finding:
    return _finding(
        pbx,
        "CERT-04",
        f"the key {pbx.certificate.key} does not fit the certificate {pbx.certificate.chain}",
        "every handshake would fail: name the key that the certificate was made for",
    )


def _name_findings(pbx: Pbx, leaf: x509.Certificate) -> Iterator[Finding]:
    if not is_for(leaf, pbx.domain):
        yield _finding(
            pbx,
            "CERT-05",
            f"the certificate is for {', '.join(carried_names(leaf)) or 'no name at all'}, not for {pbx.domain}",
            f"get one that carries {pbx.domain} as a subject alternative name; a wildcard does not count (RFC 5922)",
        )


def _time_findings(pbx: Pbx, certificates: Sequence[x509.Certificate], now: datetime) -> Iterator[Finding]:
    wrong = {found.certificate: found for found in out_of_time(certificates, now)}
    for certificate in certificates:
        subject = subject_of(certificate)
        ends, begins = certificate.not_valid_after_utc, certificate.not_valid_before_utc
        if certificate in wrong:
            if wrong[certificate].has_ended:
                yield _finding(pbx, "CERT-06", f"the certificate {subject} ended on {ends:%Y-%m-%d}", "renew it")
            else:
                yield _finding(
                    pbx,
                    "CERT-06",
                    f"the certificate {subject} begins on {begins:%Y-%m-%d}",
                    "is the clock of this machine right?",
                )
        elif now + _SOON > ends:
            yield Finding(
                code="CERT-07",
                message=f"the certificate {subject} ends on {ends:%Y-%m-%d}",
                mend="renew it soon, then push",
                severity=Severity.WARNING,
                place=_place(pbx),
                pbx=pbx.name,
            )


def _strength_findings(pbx: Pbx, certificates: Sequence[x509.Certificate]) -> Iterator[Finding]:
    for certificate in certificates:
        for weakness in weaknesses(certificate):
            yield _finding(
                pbx,
                "CERT-08",
                f"{subject_of(certificate)} has {weakness}",
                "get one with RSA of 2048 bits or more, or P-256, signed with SHA-256 or better",
            )


def _usage_findings(pbx: Pbx, leaf: x509.Certificate) -> Iterator[Finding]:
    """A PBX shows its certificate to phones and, as a client, to its peers."""
    needed = {"serverAuth": ExtendedKeyUsageOID.SERVER_AUTH}
    if pbx.certificate.client_certificates is ClientCertificates.REQUIRED:
        needed["clientAuth"] = ExtendedKeyUsageOID.CLIENT_AUTH
    for name, usage in needed.items():
        if lacks_usage(leaf, usage):
            yield _finding(
                pbx,
                "CERT-12",
                f"the certificate is not good for {name}",
                f"get one whose extended key usage holds {name}, or has no extended key usage",
            )


def _chain_findings(
    pbx: Pbx, certificates: Sequence[x509.Certificate], authorities: Sequence[x509.Certificate] | None
) -> Iterator[Finding]:
    lonely = misplaced(certificates)
    if lonely is not None:
        yield _finding(
            pbx,
            "CERT-09",
            f"in {pbx.certificate.chain}, {subject_of(lonely)} is not followed by its issuer",
            "put the leaf first, then each certificate's issuer",
        )
    elif authorities is not None and not leads_to(certificates, authorities):
        yield _finding(
            pbx,
            "CERT-09",
            f"the chain ends at {issuer_of(certificates[-1])}, which {pbx.certificate.authority} does not hold",
            "add the missing certificates to the chain, or name the right authority",
        )


def _finding(pbx: Pbx, code: str, message: str, mend: str) -> Finding:
    return Finding(code=code, message=message, mend=mend, place=_place(pbx), pbx=pbx.name)


def _place(pbx: Pbx) -> Place:
    return pbx.certificate.chain.place or pbx.place
