"""Throw-away authorities and certificates."""

from __future__ import annotations

import datetime as dt
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A certificate with its key, signed by itself or by an authority."""

    certificate: x509.Certificate
    key: Key
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def common_name(self) -> str:
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def write(self, folder: Path, name: str) -> tuple[Path, Path]:
        """Write chain and key in PEM, and tell where."""
        chain, key = folder / f"{name}.crt", folder / f"{name}.key"
        chain.write_bytes(b"".join(c.public_bytes(Encoding.PEM) for c in (self.certificate, *self.chain)))
        key.write_bytes(self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return chain, key


def make_authority(name: str = "Test authority") -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, name, key, 30)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return Identity(certificate=builder.sign(key, hashes.SHA256()), key=key)


def make_intermediate(authority: Identity, name: str = "Between") -> Identity:
    """An authority that another one has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, authority.common_name, key, 30)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return Identity(certificate=builder.sign(authority.key, hashes.SHA256()), key=key, chain=(authority.certificate,))


def make_identity(authority: Identity, host: str, days: int = 30, key: Key | None = None) -> Identity:
    """A leaf for a host name or an address; negative days have run out."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    builder = _builder(host, authority.common_name, own, days)
    builder = builder.add_extension(x509.SubjectAlternativeName([_general_name(host)]), critical=False)
    certificate = builder.sign(authority.key, hashes.SHA256())
    return Identity(certificate=certificate, key=own, chain=(authority.certificate, *authority.chain))


def _builder(subject: str, issuer: str, key: Key, days: int) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 60 * DAY)
        .not_valid_after(NOW + days * DAY)
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
