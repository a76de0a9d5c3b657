"""Session descriptions (RFC 4566): offers of one audio stream, and what an answer says."""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from confgen.streams.tcp import WireError
from confgen.verify.wire.sip import BODY_LIMIT

AES_CM_128_HMAC_SHA1_80 = "AES_CM_128_HMAC_SHA1_80"
KEY_AND_SALT_LENGTH = 30  # bytes, RFC 4568 §6.1
_LAST_PORT = 65535
_STREAM_LIMIT = 16  # m= lines; one is offered

if TYPE_CHECKING:
    from collections.abc import Mapping


class MalformedSdp(WireError, ValueError):
    """A session description that cannot be read."""


class Profile(Enum):
    """How media is carried, encrypted."""

    SAVP = "RTP/SAVP"
    DTLS_SAVPF = "UDP/TLS/RTP/SAVPF"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crypto:
    """One a=crypto line (RFC 4568)."""

    tag: int
    suite: str
    key_and_salt: bytes = field(repr=False)
    session_parameters: tuple[str, ...] = ()

    def __str__(self) -> str:
        key = base64.b64encode(self.key_and_salt).decode()
        return " ".join((f"a=crypto:{self.tag}", self.suite, f"inline:{key}", *self.session_parameters))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """A certificate's hash as SDP writes it (RFC 8122), the hash function in lower case."""

    hash_function: str
    value: str

    @classmethod
    def of_no_certificate(cls) -> Fingerprint:
        """One that nobody's certificate has; Asterisk compares none that begins with a zero byte."""
        digest = bytes([1 + secrets.randbelow(255)]) + os.urandom(31)
        return cls(hash_function="sha-256", value=digest.hex(":").upper())


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One audio stream of PCMU, to be sent to our address and port."""

    address: str
    port: int
    profile: Profile
    crypto: Crypto | None = None
    fingerprint: Fingerprint | None = None
    session: int = field(default_factory=lambda: int.from_bytes(os.urandom(4), "big"))
    version: int = 1

    def with_new_key(self) -> Offer:
        """The next description of the same session (RFC 4566 §5.2), with another key."""
        if self.crypto is None:
            raise ValueError("there is no key in this offer")
        crypto = replace(self.crypto, key_and_salt=os.urandom(KEY_AND_SALT_LENGTH))
        return replace(self, crypto=crypto, version=self.version + 1)

    def body(self) -> bytes:
        """The description as it goes into a message."""
        network = "IP6" if ":" in self.address else "IP4"
        lines = [
            "v=0",
            f"o=- {self.session} {self.version} IN {network} {self.address}",
            "s=-",
            f"c=IN {network} {self.address}",
            "t=0 0",
            f"m=audio {self.port} {self.profile.value} 0",
            "a=rtpmap:0 PCMU/8000",
            "a=ptime:20",
            "a=sendrecv",
        ]
        if self.crypto is not None:
            lines.append(str(self.crypto))
        if self.fingerprint is not None:
            lines += [
                f"a=fingerprint:{self.fingerprint.hash_function} {self.fingerprint.value}",
                "a=setup:actpass",
                "a=rtcp-mux",
            ]
        return "".join(f"{line}\r\n" for line in lines).encode()


def savp(address: str, port: int) -> Offer:
    """SRTP as it should be: one suite, a fresh random key."""
    crypto = Crypto(tag=1, suite=AES_CM_128_HMAC_SHA1_80, key_and_salt=os.urandom(KEY_AND_SALT_LENGTH))
    return Offer(address=address, port=port, profile=Profile.SAVP, crypto=crypto)


def dtls(address: str, port: int, fingerprint: Fingerprint) -> Offer:
    """DTLS-SRTP (RFC 5763)."""
    return Offer(address=address, port=port, profile=Profile.DTLS_SAVPF, fingerprint=fingerprint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One m= line of an answer with what belongs to it; port 0 means declined. The profile stays as written."""

    kind: str
    port: int
    profile: str
    formats: tuple[str, ...]
    address: str | None
    crypto: tuple[Crypto, ...] = ()
    fingerprint: Fingerprint | None = None
    setup: str | None = None
    has_rtcp_mux: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the far end says about media, stream by stream."""

    media: tuple[Media, ...]


_INHERITABLE = ("c=", "a=fingerprint:", "a=setup:")
_MEDIA = re.compile(r"m=(\S+) ([0-9]{1,5})(?:/[0-9]+)? (\S+)((?: \S+)*)")
_CRYPTO = re.compile(r"a=crypto:([0-9]{1,9}) (\S+) inline:([A-Za-z0-9+/=]+)(?:\|\S*)?((?: \S+)*)")


def parse_answer(body: bytes) -> Answer:
    """The m= lines of a session description; what the session says holds for a stream that says nothing itself."""
    if len(body) > BODY_LIMIT:
        raise MalformedSdp(f"{len(body)} bytes are too long for a session description")
    try:
        lines = body.decode().replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        raise MalformedSdp("not UTF-8") from error
    if lines[0] != "v=0":
        raise MalformedSdp(f"not a session description: {lines[0][:40]!r}")
    starts = [number for number, line in enumerate(lines) if line.startswith("m=")]
    if len(starts) > _STREAM_LIMIT:
        raise MalformedSdp(f"{len(starts)} streams of media are too many")
    session = _inheritable(lines[: starts[0]] if starts else lines)
    ends = [*starts[1:], len(lines)]
    return Answer(media=tuple(_media(lines[start:end], session) for start, end in zip(starts, ends, strict=False)))


def _media(lines: list[str], session: Mapping[str, str]) -> Media:
    media = _MEDIA.fullmatch(lines[0])
    if media is None:
        raise MalformedSdp(f"not a media line: {lines[0][:80]!r}")
    if int(media[2]) > _LAST_PORT:
        raise MalformedSdp(f"not a port: {media[2]}")
    said = {**session, **_inheritable(lines)}
    fingerprint, connection = said.get("a=fingerprint:"), said.get("c=")
    return Media(
        kind=media[1],
        port=int(media[2]),
        profile=media[3],
        formats=tuple(media[4].split()),
        address=connection.split()[-1].partition("/")[0] if connection else None,
        crypto=tuple(_crypto(line) for line in lines if line.startswith("a=crypto:")),
        fingerprint=_fingerprint(fingerprint) if fingerprint else None,
        setup=said.get("a=setup:"),
        has_rtcp_mux="a=rtcp-mux" in lines,
    )


def _inheritable(lines: list[str]) -> dict[str, str]:
    """What a session may say for its streams: the first line of each kind, without what it begins with."""
    first = {prefix: next((line for line in lines if line.startswith(prefix)), None) for prefix in _INHERITABLE}
    return {prefix: line.removeprefix(prefix) for prefix, line in first.items() if line is not None}


def _crypto(line: str) -> Crypto:
    crypto = _CRYPTO.fullmatch(line.rstrip())
    # The line holds a key, so no message may quote it.
    if crypto is None:
        raise MalformedSdp("a crypto line that cannot be read")
    try:
        key_and_salt = base64.b64decode(crypto[3], validate=True)
    except binascii.Error as error:
        raise MalformedSdp("a crypto line whose key is not base64") from error
    return Crypto(
        tag=int(crypto[1]), suite=crypto[2], key_and_salt=key_and_salt, session_parameters=tuple(crypto[4].split())
    )


def _fingerprint(text: str) -> Fingerprint:
    hash_function, space, value = text.partition(" ")
    if not space:
        raise MalformedSdp("a fingerprint without value")
    return Fingerprint(hash_function=hash_function.lower(), value=value.strip().upper())
