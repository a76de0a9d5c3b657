"""What a TLS server chose, read from its handshake messages. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from confgen.verify.wire.cipher_suites import CipherSuite, Group, TlsVersion
from confgen.verify.wire.tls_records import MalformedTls

# RFC 8446 §4.1.3: a ServerHello with this random asks for another key share.
HELLO_RETRY_RANDOM = hashlib.sha256(b"HelloRetryRequest").digest()

_SUPPORTED_VERSIONS = 43
_COOKIE = 44
_KEY_SHARE = 51
_NAMED_CURVE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHello:
    """Version, cipher suite and, in TLS 1.3, group: as numbers, since a server may choose what has no name."""

    version: int
    cipher_suite: int
    group: int | None = None
    cookie: bytes = b""
    is_retry_request: bool = False


def parse_server_hello(body: bytes) -> ServerHello:
    """The server's choice, from the body of a ServerHello or HelloRetryRequest."""
    cursor = _Cursor(body)
    version = cursor.number(2)
    is_retry_request = cursor.take(32) == HELLO_RETRY_RANDOM
    cursor.vector(1)
    cipher_suite = cursor.number(2)
    cursor.take(1)
    group, cookie = None, b""
    extensions = _Cursor(cursor.vector(2)) if cursor.has_more else cursor
    while extensions.has_more:
        kind, content = extensions.number(2), _Cursor(extensions.vector(2))
        if kind == _SUPPORTED_VERSIONS:
            version = content.number(2)
        elif kind == _KEY_SHARE:
            group = content.number(2)
        elif kind == _COOKIE:
            cookie = content.vector(2)
    return ServerHello(
        version=version, cipher_suite=cipher_suite, group=group, cookie=cookie, is_retry_request=is_retry_request
    )


def parse_certificates(body: bytes) -> tuple[bytes, ...]:
    """The chain in DER as served, leaf first, from a Certificate message before TLS 1.3."""
    certificates = _Cursor(_Cursor(body).vector(3))
    chain = []
    while certificates.has_more:
        chain.append(certificates.vector(3))
    return tuple(chain)


def parse_key_exchange(cipher_suite: int, body: bytes) -> str:
    """The group's name, from a ServerKeyExchange message; a group without a name is told by its size."""
    cursor = _Cursor(body)
    if not suite_name(cipher_suite).startswith("TLS_ECDH"):
        prime = int.from_bytes(cursor.vector(2), "big")
        return f"dh-{prime.bit_length()}"
    if cursor.number(1) != _NAMED_CURVE:
        return "explicit curve"
    return group_name(cursor.number(2))


def suite_name(number: int) -> str:
    """The IANA name of a cipher suite, or its number."""
    try:
        return CipherSuite(number).name
    except ValueError:
        return f"0x{number:04X}"


def group_name(number: int) -> str:
    """The IANA name of a group, or its number."""
    try:
        return Group(number).name
    except ValueError:
        return f"0x{number:04X}"


def version_name(number: int) -> str:
    """The usual name of a protocol version, or its number."""
    return next((version.value for version in TlsVersion if version.code == number), f"0x{number:04X}")


class _Cursor:
    """Reads numbers and length-prefixed vectors; running out of bytes is MalformedTls."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._position = 0

    @property
    def has_more(self) -> bool:
        return self._position < len(self._content)

    def take(self, length: int) -> bytes:
        taken = self._content[self._position : self._position + length]
        if len(taken) != length:
            raise MalformedTls(self._content)
        self._position += length
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def vector(self, length_size: int) -> bytes:
        return self.take(self.number(length_size))
