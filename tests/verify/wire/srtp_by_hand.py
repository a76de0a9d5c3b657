"""SRTP as libsrtp would never send it: authentic, and not encrypted (RFC 3711 §4.2, §4.3)."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_RTP_AUTHENTICATION, _RTCP_AUTHENTICATION = 1, 4  # labels, §4.3.2


def authentic_rtp_in_clear(key_and_salt: bytes, packet: bytes) -> bytes:
    """A packet in clear with a right tag, before any roll-over."""
    return packet + _tag(key_and_salt, _RTP_AUTHENTICATION, packet + bytes(4))


def authentic_rtcp_in_clear(key_and_salt: bytes, packet: bytes) -> bytes:
    """An RTCP packet with a right tag, its E flag not set."""
    signed = packet + (1).to_bytes(4, "big")
    return signed + _tag(key_and_salt, _RTCP_AUTHENTICATION, signed)


def _tag(key_and_salt: bytes, label: int, signed: bytes) -> bytes:
    key, salt = key_and_salt[:16], int.from_bytes(key_and_salt[16:], "big")
    counter = ((salt ^ label << 48) << 16).to_bytes(16, "big")
    stream = Cipher(algorithms.AES(key), modes.CTR(counter)).encryptor()
    return hmac.new(stream.update(bytes(20)), signed, hashlib.sha1).digest()[:10]
