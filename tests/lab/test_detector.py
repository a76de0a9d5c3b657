"""The detector sees what is in clear, and does not take encryption for granted."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import dpkt
import pytest

from lab.detector import Media, RtpFlow, detect

PBX = bytes([10, 77, 0, 11])
PHONE = bytes([10, 77, 0, 1])
NOISE = random.Random(20)  # noqa: S311 - stands for a cipher's output; the same in each run
TONE = bytes([0x80, 0x90, 0xA0, 0x00, 0x10, 0x20, 0x90, 0x80] * 20)


def frame(transport: dpkt.udp.UDP | dpkt.tcp.TCP) -> bytes:
    protocol = dpkt.ip.IP_PROTO_UDP if isinstance(transport, dpkt.udp.UDP) else dpkt.ip.IP_PROTO_TCP
    packet = dpkt.ip.IP(src=PHONE, dst=PBX, p=protocol, data=transport)
    packet.len = len(packet)
    return bytes(dpkt.ethernet.Ethernet(src=b"\2" * 6, dst=b"\4" * 6, data=packet))


def datagram(payload: bytes, *, port: int = 20000) -> bytes:
    return frame(dpkt.udp.UDP(sport=30000, dport=port, ulen=8 + len(payload), data=payload))


def segment(payload: bytes, *, sequence: int = 1) -> bytes:
    return frame(dpkt.tcp.TCP(sport=30000, dport=5061, seq=sequence, data=payload))


def rtp(number: int, payload: bytes, *, payload_type: int = 0) -> bytes:
    header = bytes([0x80, payload_type]) + number.to_bytes(2, "big") + (160 * number).to_bytes(4, "big") + b"SSRC"
    return datagram(header + payload)


def captured(folder: Path, frames: Sequence[bytes]) -> Path:
    path = folder / "capture.pcap"
    with path.open("wb") as stream:
        writer = dpkt.pcap.Writer(stream)
        for number, one in enumerate(frames):
            writer.writepkt(one, ts=float(number))
    return path


def only_flow(folder: Path, frames: Sequence[bytes]) -> RtpFlow:
    (flow,) = detect(captured(folder, frames)).rtp_flows
    return flow


def test_a_clear_tone_is_clear(tmp_path: Path) -> None:
    flow = only_flow(tmp_path, [rtp(number, TONE) for number in range(50)])

    assert flow.media is Media.CLEAR
    assert flow.datagram_sizes == {172: 50}
    assert flow.distinct_payloads == 1
    assert (flow.source, flow.destination) == ("10.77.0.1:30000", "10.77.0.11:20000")


def test_random_bytes_with_an_srtp_tag_are_encrypted(tmp_path: Path) -> None:
    flow = only_flow(tmp_path, [rtp(number, NOISE.randbytes(170)) for number in range(50)])

    assert flow.media is Media.ENCRYPTED
    assert flow.datagram_sizes == {182: 50}
    assert flow.entropy > 7.9


def test_random_audio_without_a_tag_is_clear(tmp_path: Path) -> None:
    assert only_flow(tmp_path, [rtp(number, NOISE.randbytes(160)) for number in range(50)]).media is Media.CLEAR


def test_one_packet_without_a_tag_makes_the_whole_flow_clear(tmp_path: Path) -> None:
    frames = [rtp(number, NOISE.randbytes(170)) for number in range(50)]
    frames[30] = rtp(30, NOISE.randbytes(160))

    assert only_flow(tmp_path, frames).media is Media.CLEAR


def test_srtp_with_a_null_cipher_is_clear_despite_its_tags(tmp_path: Path) -> None:
    speech = [bytes(NOISE.choices(range(0xE0, 0x100), k=160)) + NOISE.randbytes(10) for _ in range(50)]

    assert only_flow(tmp_path, [rtp(number, payload) for number, payload in enumerate(speech)]).media is Media.CLEAR


def test_a_payload_that_comes_twice_is_clear(tmp_path: Path) -> None:
    repeated = NOISE.randbytes(160)
    payloads = [repeated + NOISE.randbytes(10) if number in {3, 40} else NOISE.randbytes(170) for number in range(50)]

    assert only_flow(tmp_path, [rtp(number, payload) for number, payload in enumerate(payloads)]).media is Media.CLEAR


@pytest.mark.parametrize(
    "frames",
    [
        pytest.param([rtp(number, NOISE.randbytes(170)) for number in range(12)], id="too few packets"),
        pytest.param([rtp(number, NOISE.randbytes(90), payload_type=96) for number in range(60)], id="another codec"),
    ],
)
def test_what_cannot_be_told_is_unknown(tmp_path: Path, frames: Sequence[bytes]) -> None:
    assert only_flow(tmp_path, frames).media is Media.UNKNOWN


def test_rtcp_stun_and_dtls_are_no_rtp(tmp_path: Path) -> None:
    starts = {"RTCP sender report": b"\x80\xc8", "STUN request": b"\x00\x01", "DTLS handshake": b"\x16\xfe"}
    # Where RTP has its SSRC, all have the same bytes, as a stream would.
    frames = [datagram(start + b"\0" * 6 + b"SSRC" + NOISE.randbytes(170)) for start in starts.values()] * 20

    detected = detect(captured(tmp_path, frames))

    assert detected.packets == 60
    assert detected.rtp_flows == ()


def test_sip_over_udp_is_seen(tmp_path: Path) -> None:
    message = b"OPTIONS sip:hq.example.test SIP/2.0\r\nVia: SIP/2.0/UDP 10.77.0.1\r\n\r\n"

    (text,) = detect(captured(tmp_path, [datagram(message, port=5060)])).sip_in_clear

    assert (text.transport, text.destination) == ("udp", "10.77.0.11:5060")
    assert text.text == "OPTIONS sip:hq.example.test SIP/2.0"


def test_sip_over_tcp_is_seen_across_segments(tmp_path: Path) -> None:
    frames = [segment(b"SIP/2", sequence=1), segment(b".0 200 OK\r\n\r\n", sequence=6)]

    (text,) = detect(captured(tmp_path, frames)).sip_in_clear

    assert (text.transport, text.text) == ("tcp", "SIP/2.0 200 OK")


def test_tls_records_are_no_sip(tmp_path: Path) -> None:
    records = [segment(b"\x17\x03\x03\x05\x78" + NOISE.randbytes(1400)) for _ in range(50)]

    detected = detect(captured(tmp_path, records))

    assert detected.packets == 50
    assert detected.sip_in_clear == ()
