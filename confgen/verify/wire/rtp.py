"""RTP packets (RFC 3550) and what else comes on a port of media, told apart by their first bytes (RFC 7983). Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import Enum

HEADER_LENGTH = 12  # bytes, without contributing sources
PCMU = 0  # payload type, RFC 3551 §6
SAMPLES = 160  # of one packet: 20 ms at 8000 Hz
PACKET_TIME = 0.02  # seconds

_VERSION = 2
_HEADER = struct.Struct("!BBHII")


class Kind(Enum):
    """What a datagram is by its first bytes."""

    RTP = "RTP"
    RTCP = "RTCP"
    DTLS = "DTLS"
    STUN = "STUN"
    OTHER = "something else"


def kind_of(datagram: bytes) -> Kind:
    """Tell a datagram by its first bytes; whether it is encrypted, they do not say."""
    if not datagram:
        return Kind.OTHER
    if datagram[0] < 4:  # noqa: PLR2004 -- RFC 7983 §7, here and below
        return Kind.STUN
    if 20 <= datagram[0] < 64:  # noqa: PLR2004
        return Kind.DTLS
    if len(datagram) < HEADER_LENGTH - 4 or datagram[0] >> 6 != _VERSION:
        return Kind.OTHER
    if 192 <= datagram[1] < 224:  # noqa: PLR2004 -- RFC 5761 §4
        return Kind.RTCP
    return Kind.RTP if len(datagram) >= HEADER_LENGTH else Kind.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The fixed part of a packet's header."""

    sequence: int
    timestamp: int
    source: int  # SSRC
    payload_type: int = PCMU
    is_marked: bool = False

    def build(self) -> bytes:
        """As it goes over the wire."""
        kind = self.payload_type | (0x80 if self.is_marked else 0)
        return _HEADER.pack(_VERSION << 6, kind, self.sequence % 2**16, self.timestamp % 2**32, self.source)


def parse_header(packet: bytes) -> Header:
    """The header of a packet that is RTP by its first bytes."""
    _, kind, sequence, timestamp, source = _HEADER.unpack_from(packet)
    return Header(
        sequence=sequence, timestamp=timestamp, source=source, payload_type=kind & 0x7F, is_marked=bool(kind & 0x80)
    )


def payload_of(packet: bytes) -> bytes:
    """What a packet in clear carries, behind contributing sources and extensions and without padding."""
    start = HEADER_LENGTH + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10 and len(packet) >= start + 4:  # RFC 3550 §5.3.1
        start += 4 + 4 * int.from_bytes(packet[start + 2 : start + 4], "big")
    end = len(packet) - packet[-1] if packet[0] & 0x20 else len(packet)
    return packet[start:end]
