"""What a capture gives away: SIP text in clear, and whether each RTP flow is encrypted."""

from __future__ import annotations

import ipaddress
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import dpkt

_METHODS = b"ACK BYE CANCEL INFO INVITE MESSAGE NOTIFY OPTIONS PRACK PUBLISH REFER REGISTER SUBSCRIBE UPDATE"
_SIP_TEXT = re.compile(rb"SIP/2\.0|(?:" + _METHODS.replace(b" ", b"|") + rb") sips?:")
_G711 = frozenset({0, 8})  # RFC 3551 §6: PCMU, PCMA
_TEN_MILLISECONDS = 80  # bytes of G.711; a clear payload is a multiple of it
_SRTP_TAGS = frozenset({4, 10, 16})  # RFC 4568 §6.2: 32 or 80 bits; RFC 7714: 128 bits
_FEWEST_PACKETS = 10
_FEWEST_BYTES = 4000  # below it, entropy says too little
_ENTROPY_SLACK = 0.15  # bits; a tone is at 3.4 of 8, speech below 7.5


class Media(Enum):
    """What a flow's packets look like."""

    CLEAR = "clear"
    ENCRYPTED = "encrypted"
    UNKNOWN = "unknown"  # too few packets, or a codec whose clear packets look random too


@dataclass(frozen=True, slots=True, kw_only=True)
class SipText:
    """SIP that anyone on the way could read."""

    transport: str
    source: str
    destination: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RtpFlow:
    """The RTP packets of one sender's stream."""

    source: str
    destination: str
    ssrc: int
    packets: int
    datagram_sizes: Mapping[int, int]  # bytes of UDP payload: packets of that size
    distinct_payloads: int
    entropy: float  # bits per byte of payload
    media: Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """All that a capture shows."""

    packets: int
    sip_in_clear: tuple[SipText, ...]
    rtp_flows: tuple[RtpFlow, ...]

    def flows(self, media: Media) -> tuple[RtpFlow, ...]:
        """The flows that look like this."""
        return tuple(flow for flow in self.rtp_flows if flow.media is media)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segment:
    transport: str
    source: str
    destination: str
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _RtpPacket:
    size: int
    payload_type: int
    ssrc: int
    payload: bytes


def detect(capture: Path) -> Detected:
    """Read a capture of Ethernet frames."""
    packets = 0
    text: dict[tuple[str, str, str], bytearray] = defaultdict(bytearray)
    streams: dict[tuple[str, str, int], list[_RtpPacket]] = defaultdict(list)
    with capture.open("rb") as stream:
        for _, frame in dpkt.pcap.Reader(stream):
            packets += 1
            for segment in _segments(frame):
                rtp = _rtp_packet(segment.payload) if segment.transport == "udp" else None
                if rtp is not None:
                    streams[segment.source, segment.destination, rtp.ssrc].append(rtp)
                # Joined in the order of the capture, so that text is found across segments.
                text[segment.transport, segment.source, segment.destination] += segment.payload
    return Detected(
        packets=packets,
        sip_in_clear=tuple(_sip_texts(text)),
        rtp_flows=tuple(_flow(*key, of_flow) for key, of_flow in streams.items() if len(of_flow) >= _FEWEST_PACKETS),
    )


def _segments(frame: bytes) -> Iterator[_Segment]:
    try:
        packet = dpkt.ethernet.Ethernet(frame).data
    except dpkt.UnpackError:
        return
    if not isinstance(packet, (dpkt.ip.IP, dpkt.ip6.IP6)):
        return
    source, destination = str(ipaddress.ip_address(packet.src)), str(ipaddress.ip_address(packet.dst))
    inner = packet.data
    if isinstance(inner, (dpkt.udp.UDP, dpkt.tcp.TCP)):
        yield _Segment(
            transport="udp" if isinstance(inner, dpkt.udp.UDP) else "tcp",
            source=f"{source}:{inner.sport}",
            destination=f"{destination}:{inner.dport}",
            payload=bytes(inner.data),
        )
    elif isinstance(inner, bytes):  # a later fragment of a datagram: it has no ports
        yield _Segment(transport="ip", source=source, destination=destination, payload=inner)


def _rtp_packet(datagram: bytes) -> _RtpPacket | None:
    """RFC 3550 §5.1; RTCP, STUN and DTLS on the same ports are told apart as RFC 7983 does."""
    if len(datagram) < 12 or datagram[0] >> 6 != 2 or 192 <= datagram[1] <= 223:  # noqa: PLR2004 - header fields
        return None
    start = 12 + 4 * (datagram[0] & 0x0F)
    if datagram[0] & 0x10:
        start += 4 + 4 * int.from_bytes(datagram[start + 2 : start + 4], "big")
    return _RtpPacket(
        size=len(datagram),
        payload_type=datagram[1] & 0x7F,
        ssrc=int.from_bytes(datagram[8:12], "big"),
        payload=datagram[start:],
    )


def _sip_texts(text: Mapping[tuple[str, str, str], bytearray]) -> Iterator[SipText]:
    for (transport, source, destination), content in text.items():
        if (found := _SIP_TEXT.search(content)) is not None:
            excerpt = bytes(content[found.start() : found.start() + 80]).partition(b"\r\n")[0]
            yield SipText(
                transport=transport, source=source, destination=destination, text=excerpt.decode("ascii", "replace")
            )


def _flow(source: str, destination: str, ssrc: int, packets: Sequence[_RtpPacket]) -> RtpFlow:
    entropy = _entropy(packet.payload for packet in packets)
    return RtpFlow(
        source=source,
        destination=destination,
        ssrc=ssrc,
        packets=len(packets),
        datagram_sizes=dict(Counter(packet.size for packet in packets)),
        distinct_payloads=len({packet.payload for packet in packets}),
        entropy=entropy,
        media=_judge(packets),
    )


def _judge(packets: Sequence[_RtpPacket]) -> Media:
    """One packet without an authentication tag makes a G.711 flow clear; a tag alone makes none encrypted."""
    beyond_audio = {len(packet.payload) % _TEN_MILLISECONDS for packet in packets}
    is_g711 = all(packet.payload_type in _G711 for packet in packets)
    if is_g711 and 0 in beyond_audio:
        return Media.CLEAR
    bodies = [packet.payload[: len(packet.payload) - len(packet.payload) % _TEN_MILLISECONDS] for packet in packets]
    if len(set(bodies)) < len(bodies):
        return Media.CLEAR  # counter mode never gives the same bytes twice
    if (count := sum(map(len, bodies))) < _FEWEST_BYTES:
        return Media.UNKNOWN
    # What `count` random bytes are expected to show (Miller and Madow's bias of the estimate).
    expected = 8 - 255 / (2 * count * math.log(2))
    if _entropy(bodies) < expected - _ENTROPY_SLACK:
        return Media.CLEAR
    return Media.ENCRYPTED if is_g711 and beyond_audio <= _SRTP_TAGS else Media.UNKNOWN


def _entropy(payloads: Iterable[bytes]) -> float:
    counts = Counter(b"".join(payloads))
    total = sum(counts.values())
    return -sum(count / total * math.log2(count / total) for count in counts.values())
