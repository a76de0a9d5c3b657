"""Certificates with whatever a test wants to be wrong with them."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        return self._key_pem(NoEncryption())

    @property
    def key_pem_with_pass_phrase(self) -> str:
        return self._key_pem(BestAvailableEncryption(b"pass phrase"))

    def _key_pem(self, encryption: KeySerializationEncryption) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()


def issue(
    subject: str,
    issuer: Issued | None = None,
    *,
    names: Sequence[str] = (),
    begins: dt.datetime = NOW - 30 * DAY,
    ends: dt.datetime = NOW + 365 * DAY,
    key: Key | None = None,
    usages: Sequence[x509.ObjectIdentifier] = (),
    extensions: Sequence[x509.ExtensionType] = (),
) -> Issued:
    """A certificate signed by the issuer, or by itself."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer.certificate.subject if issuer else _name(subject))
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
    if usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    signer = issuer.key if issuer else own
    return Issued(certificate=builder.sign(signer, hashes.SHA256()), key=own)


def signed_with_sha1(issued: Issued, issuer: Issued) -> Issued:
    """The certificate signed anew as nobody does any more, so that its bytes must be changed by hand; RSA alone."""
    assert isinstance(issuer.key, rsa.RSAPrivateKey)
    with_sha256, with_sha1 = bytes.fromhex("06092a864886f70d01010b"), bytes.fromhex("06092a864886f70d010105")
    certificate = issued.certificate
    content = certificate.tbs_certificate_bytes.replace(with_sha256, with_sha1)
    signature = issuer.key.sign(content, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 -- what must be found
    encoded = (
        certificate.public_bytes(Encoding.DER).replace(with_sha256, with_sha1).replace(certificate.signature, signature)
    )
    return Issued(certificate=x509.load_der_x509_certificate(encoded), key=issued.key)


def bent(issued: Issued, old: bytes, new: bytes) -> Issued:
    """The certificate with other bytes in it, of which not every one can be read."""
    encoded = issued.certificate.public_bytes(Encoding.DER)
    assert old in encoded
    return Issued(certificate=x509.load_der_x509_certificate(encoded.replace(old, new)), key=issued.key)


SERVER, CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
