"""Packets are told apart by their first bytes, and audio that is unlike any other stays a tone."""

from __future__ import annotations

import itertools
import math
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.verify.wire.rtp import SAMPLES, Header, Kind, kind_of, parse_header, payload_of
from confgen.verify.wire.tone import RATE, compressed, expanded, fresh_payload, tone_share


@given(
    st.builds(
        Header,
        sequence=st.integers(0, 2**16 - 1),
        timestamp=st.integers(0, 2**32 - 1),
        source=st.integers(0, 2**32 - 1),
        payload_type=st.integers(0, 63),
        is_marked=st.booleans(),
    ),
    st.binary(),
)
def test_what_is_built_is_read_back(header: Header, payload: bytes) -> None:
    packet = header.build() + payload
    assert kind_of(packet) is Kind.RTP
    assert parse_header(packet) == header
    assert payload_of(packet) == payload


@given(st.binary(max_size=40))
def test_whatever_comes_is_of_some_kind(datagram: bytes) -> None:
    if kind_of(datagram) is Kind.RTP:
        parse_header(datagram)
        payload_of(datagram)


@pytest.mark.parametrize(
    ("datagram", "kind"),
    [
        (b"", Kind.OTHER),
        (b"\x00\x01" + bytes(18), Kind.STUN),
        (b"\x16\xfe\xfd" + bytes(10), Kind.DTLS),
        (b"\x3f", Kind.DTLS),
        (b"\x40" + bytes(20), Kind.OTHER),
        (b"\x80\xc8" + bytes(6), Kind.RTCP),
        (b"\x81\xdf" + bytes(30), Kind.RTCP),
        (b"\x80\xe0" + bytes(10), Kind.RTP),
        (b"\x80\x00" + bytes(9), Kind.OTHER),
        (b"\x80", Kind.OTHER),
        (b"GET / HTTP/1.1\r\n", Kind.OTHER),
    ],
)
def test_kinds_are_those_of_rfc_7983(datagram: bytes, kind: Kind) -> None:
    assert kind_of(datagram) is kind


def test_sources_an_extension_and_padding_are_not_audio() -> None:
    fixed = bytes([0xB1, 0]) + bytes(10)  # padded, extended, one contributing source
    packet = fixed + bytes(4) + b"\xbe\xde\x00\x01" + bytes(4) + b"audio" + b"\x00\x00\x03"
    assert payload_of(packet) == b"audio"


def test_u_law_is_that_of_g_711() -> None:
    assert [compressed(sample) for sample in (0, 8, -8, 1000, -1000, 32767, -32768)] == [
        0xFF, 0xFE, 0x7E, 0xCE, 0x4E, 0x80, 0x00,
    ]  # fmt: skip
    assert [expanded(byte) for byte in (0xFF, 0x80, 0x00)] == [0, 32124, -32124]
    assert all(compressed(expanded(byte)) == byte for byte in range(256) if byte != 0x7F)  # there are two zeros


def test_no_payload_is_like_another_and_each_is_a_tone() -> None:
    payloads = [fresh_payload() for _ in range(50)]
    assert len(set(payloads)) == 50
    assert {len(payload) for payload in payloads} == {SAMPLES}
    assert tone_share(payloads) > 0.98
    # so many bits of each pair differ as chance has it: 320 of a packet are random
    differing = [
        (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
        for one, other in itertools.pairwise(payloads)
    ]
    assert all(100 < bits < 220 for bits in differing)


def test_what_is_not_the_tone_has_no_share_in_it() -> None:
    another = bytes(compressed(round(8000 * math.sin(2 * math.pi * 900 * n / RATE))) for n in range(SAMPLES))
    assert tone_share([another] * 2) < 0.01
    assert tone_share([os.urandom(SAMPLES) for _ in range(10)]) < 0.1
    assert tone_share([b"\xff" * SAMPLES]) == 0.0
    assert tone_share([]) == 0.0
