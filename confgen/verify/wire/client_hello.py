"""The first message of a TLS client, built by hand so that no local TLS policy decides what is asked."""

from __future__ import annotations

import ipaddress
import os
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec, x448, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from confgen.verify.wire.cipher_suites import CipherSuite, Group, TlsVersion

HANDSHAKE_RECORD = 22
CLIENT_HELLO = 1

ELLIPTIC_GROUPS = (Group.x25519, Group.secp256r1, Group.x448, Group.secp521r1, Group.secp384r1)
# IANA TLS SignatureScheme: every RSA, ECDSA and EdDSA one, down to SHA-1, so that no certificate is a reason to refuse.
SIGNATURE_SCHEMES = (
    *(0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080A, 0x080B, 0x0804, 0x0805, 0x0806),
    *(0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0203, 0x0201, 0x0202),
)
# RFC 5746 §3.3: without it, strict servers end the handshake.
EMPTY_RENEGOTIATION_INFO_SCSV = 0x00FF

_SERVER_NAME = 0
_SUPPORTED_GROUPS = 10
_EC_POINT_FORMATS = 11
_SIGNATURE_ALGORITHMS = 13
_SUPPORTED_VERSIONS = 43
_COOKIE = 44
_KEY_SHARE = 51


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHello:
    """An offer of exactly one protocol version; `server_name` may be an IP address, which SNI leaves out."""

    version: TlsVersion
    cipher_suites: tuple[CipherSuite, ...]
    groups: tuple[Group, ...] = ELLIPTIC_GROUPS
    key_share: Group | None = Group.x25519
    server_name: str | None = None
    cookie: bytes = b""
    random: bytes = field(default_factory=lambda: os.urandom(32))
    session_id: bytes = field(default_factory=lambda: os.urandom(32))

    def handshake_message(self) -> bytes:
        """The ClientHello without record headers."""
        # RFC 8446 §4.1.2: TLS 1.3 calls itself 1.2 here and says so in an extension.
        legacy_version = min(self.version.code, TlsVersion.TLS_1_2.code)
        suites: list[int] = list(self.cipher_suites)
        if self.version is not TlsVersion.TLS_1_3:
            suites.append(EMPTY_RENEGOTIATION_INFO_SCSV)
        body = struct.pack("!H", legacy_version) + self.random + _vector(1, self.session_id)
        body += _vector(2, _numbers(suites)) + _vector(1, b"\0")
        if self.version is not TlsVersion.SSL_3_0:
            body += _vector(2, b"".join(self._extensions()))
        return bytes([CLIENT_HELLO]) + _vector(3, body)

    def record(self) -> bytes:
        """The ClientHello as it goes over the wire."""
        # RFC 8446 §5.1: the first record says 1.0, for the sake of old servers.
        record_version = min(self.version.code, TlsVersion.TLS_1_0.code)
        return struct.pack("!BH", HANDSHAKE_RECORD, record_version) + _vector(2, self.handshake_message())

    def _extensions(self) -> Iterable[bytes]:
        if self.server_name is not None and not _is_address(self.server_name):
            name = self.server_name.encode("idna")
            yield _extension(_SERVER_NAME, _vector(2, b"\0" + _vector(2, name)))
        yield _extension(_SUPPORTED_GROUPS, _vector(2, _numbers(self.groups)))
        yield _extension(_EC_POINT_FORMATS, _vector(1, b"\0"))
        if self.version in {TlsVersion.TLS_1_2, TlsVersion.TLS_1_3}:
            yield _extension(_SIGNATURE_ALGORITHMS, _vector(2, _numbers(SIGNATURE_SCHEMES)))
        if self.version is TlsVersion.TLS_1_3:
            yield _extension(_SUPPORTED_VERSIONS, _vector(1, _numbers([self.version.code])))
            shares = b""
            if self.key_share is not None:
                shares = struct.pack("!H", self.key_share) + _vector(2, PUBLIC_KEYS[self.key_share]())
            yield _extension(_KEY_SHARE, _vector(2, shares))
            if self.cookie:
                yield _extension(_COOKIE, _vector(2, self.cookie))


def _point(curve: ec.EllipticCurve) -> Callable[[], bytes]:
    def public_key() -> bytes:
        key = ec.generate_private_key(curve).public_key()
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    return public_key


PUBLIC_KEYS: dict[Group, Callable[[], bytes]] = {
    Group.x25519: lambda: x25519.X25519PrivateKey.generate().public_key().public_bytes_raw(),
    Group.x448: lambda: x448.X448PrivateKey.generate().public_key().public_bytes_raw(),
    Group.secp256r1: _point(ec.SECP256R1()),
    Group.secp384r1: _point(ec.SECP384R1()),
    Group.secp521r1: _point(ec.SECP521R1()),
}


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _vector(length_size: int, content: bytes) -> bytes:
    return len(content).to_bytes(length_size, "big") + content


def _numbers(numbers: Iterable[int]) -> bytes:
    return b"".join(struct.pack("!H", number) for number in numbers)


def _extension(number: int, content: bytes) -> bytes:
    return struct.pack("!H", number) + _vector(2, content)
