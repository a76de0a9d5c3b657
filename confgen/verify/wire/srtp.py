"""SRTP and SRTCP (RFC 3711) by libsrtp: our own stream out, and the far end's streams in."""

from __future__ import annotations

from enum import Enum

import pylibsrtp

from confgen.streams.tcp import WireError
from confgen.verify.wire.sdp import AES_CM_128_HMAC_SHA1_80, KEY_AND_SALT_LENGTH

SUITE = AES_CM_128_HMAC_SHA1_80
DTLS_PROFILE = "SRTP_AES128_CM_SHA1_80"  # the same by its name in RFC 5764 §4.1.2
KEY_LENGTH = 16  # bytes, RFC 3711 §8.2
SALT_LENGTH = KEY_AND_SALT_LENGTH - KEY_LENGTH
_PACKET_LIMIT = 1500  # bytes, of libsrtp's buffer


class UnusableKey(WireError):
    """A key of the wrong length."""


class Refusal(Enum):
    """Why a packet was not taken. A replay is told before authenticity, so it says nothing about that."""

    NOT_AUTHENTIC = "not authentic"
    REPLAYED = "came before"


class Outgoing:
    """What we protect, under our key."""

    def __init__(self, key_and_salt: bytes) -> None:
        self._session = _session(key_and_salt, pylibsrtp.Policy.SSRC_ANY_OUTBOUND)

    def protect(self, packet: bytes) -> bytes:
        """Encrypt and sign an RTP packet; none with the sequence number of an earlier one."""
        return self._session.protect(packet)


class Incoming:
    """What the far end protects, under its key, whatever source it names."""

    def __init__(self, key_and_salt: bytes) -> None:
        self._session = _session(key_and_salt, pylibsrtp.Policy.SSRC_ANY_INBOUND)

    def unprotect(self, packet: bytes) -> bytes | Refusal:
        """The RTP packet in clear, if it is authentic and new."""
        if len(packet) > _PACKET_LIMIT:
            return Refusal.NOT_AUTHENTIC
        try:
            return self._session.unprotect(packet)
        except pylibsrtp.Error as error:
            return Refusal.REPLAYED if "replay" in str(error) else Refusal.NOT_AUTHENTIC

    def unprotect_control(self, packet: bytes) -> bytes | Refusal:
        """The RTCP packet in clear, if it is authentic, new, and was encrypted: libsrtp sees to its E flag (§3.4)."""
        if len(packet) > _PACKET_LIMIT:
            return Refusal.NOT_AUTHENTIC
        try:
            return self._session.unprotect_rtcp(packet)
        except pylibsrtp.Error as error:
            return Refusal.REPLAYED if "replay" in str(error) else Refusal.NOT_AUTHENTIC


def _session(key_and_salt: bytes, sources: int) -> pylibsrtp.Session:
    if len(key_and_salt) != KEY_AND_SALT_LENGTH:
        raise UnusableKey(f"a key of {len(key_and_salt)} bytes, where {SUITE} has {KEY_AND_SALT_LENGTH}")
    return pylibsrtp.Session(
        pylibsrtp.Policy(
            key=key_and_salt, ssrc_type=sources, srtp_profile=pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80
        )
    )
