"""What is wrong with a chain of certificates, whether it lies in a file or was served. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

LEAST_RSA_KEY = 2048  # bits, RFC 9325 §4.5
LEAST_CURVE_KEY = 256  # bits
# What reading a certificate may raise, of which anything may have been made: most of it is read when it is asked for.
UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
_WEAK_HASHES = frozenset({"md2", "md5", "sha1"})  # RFC 9325 §4.5


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfTime:
    """A certificate that has ended, or has not begun."""

    certificate: x509.Certificate
    has_ended: bool


def certificates_in(pem: str) -> tuple[x509.Certificate, ...]:
    """Those of a text in PEM, in order; none where it holds none, or one that cannot be read, its times included."""
    try:
        certificates = tuple(x509.load_pem_x509_certificates(pem.encode()))
        for certificate in certificates:  # a year 0000 is read only now, and Python has none
            _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except UNREADABLE:
        return ()
    return certificates


def subject_of(certificate: x509.Certificate) -> str:
    """Whom it is for, as RFC 4514 writes it."""
    try:
        return _printable(certificate.subject.rfc4514_string()) or "a subject without a name"
    except UNREADABLE:
        return "a subject that cannot be read"


def issuer_of(certificate: x509.Certificate) -> str:
    """Who issued it, as RFC 4514 writes it."""
    try:
        return _printable(certificate.issuer.rfc4514_string()) or "an issuer without a name"
    except UNREADABLE:
        return "an issuer that cannot be read"


def is_self_issued(certificate: x509.Certificate) -> bool:
    """Whether it names itself as its issuer."""
    try:
        return certificate.issuer == certificate.subject
    except UNREADABLE:
        return False


def carried_names(leaf: x509.Certificate) -> tuple[str, ...]:
    """The names and addresses it is for; the common name does not count."""
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, *UNREADABLE):
        return ()
    return (
        *map(_printable, names.get_values_for_type(x509.DNSName)),
        *(str(address) for address in names.get_values_for_type(x509.IPAddress)),
    )


def is_for(leaf: x509.Certificate, name: str) -> bool:
    """RFC 5922 §7.2: the name stands in the subject's alternative names, and wildcards do not count for SIP."""
    return _plain(name) in {_plain(carried) for carried in carried_names(leaf)}


def out_of_time(certificates: Iterable[x509.Certificate], now: datetime) -> Iterator[OutOfTime]:
    """Every one whose time is not now."""
    for certificate in certificates:
        if now > certificate.not_valid_after_utc:
            yield OutOfTime(certificate=certificate, has_ended=True)
        elif now < certificate.not_valid_before_utc:
            yield OutOfTime(certificate=certificate, has_ended=False)


def weaknesses(
    certificate: x509.Certificate, *, least_rsa_key: int = LEAST_RSA_KEY, least_curve_key: int = LEAST_CURVE_KEY
) -> Iterator[str]:
    """A key or a signature that is too weak (RFC 9325 §4.5); nobody relies on what signs itself for its signature."""
    try:
        public = certificate.public_key()
    except UNREADABLE:
        yield "a key of an unknown kind"
        return
    match public:
        case rsa.RSAPublicKey() if public.key_size < least_rsa_key:
            yield f"an RSA key of {public.key_size} bits"
        case ec.EllipticCurvePublicKey() if public.key_size < least_curve_key:
            yield f"a key on a curve of {public.key_size} bits"
        case dsa.DSAPublicKey():
            yield f"a DSA key of {public.key_size} bits"
        case _:
            pass
    signed_with = _hash_name(certificate)
    if signed_with in _WEAK_HASHES and not is_self_issued(certificate):
        yield f"a certificate signed with {signed_with}"


def strength_of(certificate: x509.Certificate) -> str:
    """Its key and its signature in a few words."""
    try:
        public = certificate.public_key()
    except UNREADABLE:
        public = None
    match public:
        case rsa.RSAPublicKey():
            key = f"RSA of {public.key_size} bits"
        case ec.EllipticCurvePublicKey():
            key = public.curve.name
        case None:
            key = "a key of an unknown kind"
        case _:
            key = type(public).__name__.removesuffix("PublicKey").lstrip("_")
    return f"{key}, signed with {_hash_name(certificate) or 'what needs no hash'}"


def lacks_usage(leaf: x509.Certificate, usage: x509.ObjectIdentifier) -> bool:
    """Whether its extended key usage rules this one out; without the extension it is good for everything.

    One whose extensions cannot be read is good for nothing.
    """
    try:
        return usage not in leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    except UNREADABLE:
        return True


def misplaced(chain: Sequence[x509.Certificate]) -> x509.Certificate | None:
    """The first one that is not followed by its issuer; None where all are in order."""
    return next((issued for issued, issuer in pairwise(chain) if not is_issued_by(issued, issuer)), None)


def leads_to(chain: Sequence[x509.Certificate], authorities: Sequence[x509.Certificate]) -> bool:
    """Whether the last one is an authority or issued by one."""
    last = chain[-1]
    return last in authorities or any(is_issued_by(last, authority) for authority in authorities)


def is_issued_by(issued: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer's name and key made the signature."""
    try:
        issued.verify_directly_issued_by(issuer)
    except (InvalidSignature, *UNREADABLE):
        return False
    return True


def _hash_name(certificate: x509.Certificate) -> str:
    try:
        algorithm = certificate.signature_hash_algorithm
    except UNREADABLE:
        return ""
    return "" if algorithm is None else algorithm.name


def _printable(text: str) -> str:
    """Whoever made the certificate may have put anything there, and it is shown on a terminal."""
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)


def _plain(name: str) -> str:
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return name.lower().rstrip(".")
