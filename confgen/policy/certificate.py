"""Rules for a PBX's certificate: a fault that would silence every phone is found before anything is written. Pure."""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from confgen.model.document import HostFile
from confgen.model.finding import Finding, Severity
from confgen.model.inventory import ClientCertificates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from confgen.model.inventory import Pbx

_SOON = timedelta(days=30)
_LEAST_RSA_BITS = 2048  # RFC 9325 §4.5
_LEAST_CURVE_BITS = 256
_WEAK_HASHES = frozenset({"md5", "sha1"})


def certificate_findings(
    pbx: Pbx, *, chain: str, key: str | HostFile, authority: str, now: datetime
) -> tuple[Finding, ...]:
    """Whether chain, key and authority (PEM texts) fit each other, the PBX's name and the time.

    Of a key that lies on the PBX's host only its public part is known, or not even that.
    """
    return tuple(_findings(pbx, chain, key, authority, now))


def _findings(pbx: Pbx, chain: str, key: str | HostFile, authority: str, now: datetime) -> Iterator[Finding]:
    certificates = _certificates(chain)
    authorities = _certificates(authority)
    if not certificates:
        yield _finding(
            pbx, "CERT-03", f"{pbx.certificate.chain} holds no certificate in PEM", "export it as PEM, leaf first"
        )
    if not authorities:
        yield _finding(
            pbx, "CERT-03", f"{pbx.certificate.authority} holds no certificate in PEM", "export the authority as PEM"
        )
    if not certificates or not authorities:
        return
    leaf = certificates[0]
    yield from _host_key_findings(pbx, leaf, key) if isinstance(key, HostFile) else _key_findings(pbx, leaf, key)
    yield from _name_findings(pbx, leaf)
    yield from _time_findings(pbx, certificates, now)
    yield from _strength_findings(pbx, leaf)
    yield from _usage_findings(pbx, leaf)
    yield from _chain_findings(pbx, certificates, authorities)


def _key_findings(pbx: Pbx, leaf: x509.Certificate, key: str) -> Iterator[Finding]:
    try:
        private = load_pem_private_key(key.encode(), password=None)
    except TypeError:
        yield _finding(
            pbx, "CERT-04", f"{pbx.certificate.key} has a pass phrase", "store it without one: Asterisk starts alone"
        )
        return
    except (ValueError, UnsupportedAlgorithm):
        yield _finding(pbx, "CERT-04", f"{pbx.certificate.key} holds no private key in PEM", "export it as PEM")
        return
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if private.public_key().public_bytes(*form) != leaf.public_key().public_bytes(*form):
        yield _unfit(pbx)


def _host_key_findings(pbx: Pbx, leaf: x509.Certificate, key: HostFile) -> Iterator[Finding]:
    public = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if not key.is_usable:
        yield _finding(
            pbx,
            "CERT-04",
            f"{pbx.certificate.key} has a pass phrase, or is no private key",
            "store it in PEM and without a pass phrase: Asterisk starts alone",
        )
    elif key.public_digest is None:
        yield Finding(
            code="CERT-04",
            message=f"whether {pbx.certificate.key} fits the certificate is told by the handshake after the push only",
            mend="install openssl on the host, and it is known before",
            severity=Severity.NOTE,
            place=pbx.place,
            pbx=pbx.name,
        )
    elif key.public_digest != hashlib.sha256(public).hexdigest():
        yield _unfit(pbx)


def _unfit(pbx: Pbx) -> Finding:
    return _finding(
        pbx,
        "CERT-04",
        f"the key {pbx.certificate.key} does not fit the certificate {pbx.certificate.chain}",
        "Asterisk would list the transport and fail every handshake: name the key the certificate was made for",
    )


def _name_findings(pbx: Pbx, leaf: x509.Certificate) -> Iterator[Finding]:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        carried: list[str] = []
    else:
        carried = [
            *names.get_values_for_type(x509.DNSName),
            *(str(address) for address in names.get_values_for_type(x509.IPAddress)),
        ]
    if _plain_name(pbx.domain) not in {_plain_name(name) for name in carried}:
        # RFC 5922 §7.2: the domain stands in the subject's alternative names, and wildcards do not count for SIP
        yield _finding(
            pbx,
            "CERT-05",
            f"the certificate is for {', '.join(carried) or 'no name at all'}, not for {pbx.domain}",
            f"get one that carries {pbx.domain} as a subject alternative name; a wildcard does not count (RFC 5922)",
        )


def _time_findings(pbx: Pbx, certificates: Sequence[x509.Certificate], now: datetime) -> Iterator[Finding]:
    for certificate in certificates:
        subject = certificate.subject.rfc4514_string()
        ends, begins = certificate.not_valid_after_utc, certificate.not_valid_before_utc
        if now > ends:
            yield _finding(pbx, "CERT-06", f"the certificate {subject} ended on {ends:%Y-%m-%d}", "renew it")
        elif now < begins:
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
                place=pbx.place,
                pbx=pbx.name,
            )


def _strength_findings(pbx: Pbx, leaf: x509.Certificate) -> Iterator[Finding]:
    public = leaf.public_key()
    match public:
        case rsa.RSAPublicKey() if public.key_size < _LEAST_RSA_BITS:
            yield _finding(
                pbx, "CERT-08", f"an RSA key of {public.key_size} bits", "use RSA of 2048 bits or more, or P-256"
            )
        case ec.EllipticCurvePublicKey() if public.key_size < _LEAST_CURVE_BITS:
            yield _finding(pbx, "CERT-08", f"a key on a curve of {public.key_size} bits", "use P-256 or more")
        case _:
            pass
    algorithm = leaf.signature_hash_algorithm
    if algorithm is not None and algorithm.name in _WEAK_HASHES:
        yield _finding(
            pbx, "CERT-08", f"a certificate signed with {algorithm.name}", "get one signed with SHA-256 or better"
        )


def _usage_findings(pbx: Pbx, leaf: x509.Certificate) -> Iterator[Finding]:
    """A PBX shows its certificate to phones and, as a client, to its peers."""
    try:
        usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return  # good for everything
    needed = {"serverAuth": ExtendedKeyUsageOID.SERVER_AUTH}
    if pbx.certificate.client_certificates is ClientCertificates.REQUIRED:
        needed["clientAuth"] = ExtendedKeyUsageOID.CLIENT_AUTH
    for name, usage in needed.items():
        if usage not in usages:
            yield _finding(
                pbx,
                "CERT-12",
                f"the certificate is not good for {name}",
                f"get one whose extended key usage holds {name}, or has no extended key usage",
            )


def _chain_findings(
    pbx: Pbx, certificates: Sequence[x509.Certificate], authorities: Sequence[x509.Certificate]
) -> Iterator[Finding]:
    for issued, issuer in pairwise(certificates):
        if not _is_issued_by(issued, issuer):
            yield _finding(
                pbx,
                "CERT-09",
                f"in {pbx.certificate.chain}, {issued.subject.rfc4514_string()} is not followed by its issuer",
                "put the leaf first, then each certificate's issuer",
            )
            return
    last = certificates[-1]
    if last not in authorities and not any(_is_issued_by(last, authority) for authority in authorities):
        yield _finding(
            pbx,
            "CERT-09",
            f"the chain ends at {last.issuer.rfc4514_string()}, which {pbx.certificate.authority} does not hold",
            "add the missing certificates to the chain, or name the right authority",
        )


def _is_issued_by(issued: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        issued.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _certificates(pem: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        return []


def _plain_name(name: str) -> str:
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return name.lower().rstrip(".")


def _finding(pbx: Pbx, code: str, message: str, mend: str) -> Finding:
    return Finding(code=code, message=message, mend=mend, place=pbx.place, pbx=pbx.name)
