"""Audio that nobody can guess and that still is a tone: what comes back is proof, and a number for people. Pure.

A tone alone repeats itself, so somebody else could play it. Here the last bits of each sample are random: the payload
of a packet is unlike any other one, while the tone stays where it was.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable

from confgen.verify.wire.rtp import SAMPLES

RATE = 8000  # samples in a second
_FREQUENCY = 400  # hertz: one packet holds eight whole waves
_AMPLITUDE = 8000  # of 32767
_RANDOM_BITS = 0b11  # the last two of each sample: 40 random bytes in each packet
_BIAS = 0x84  # ITU-T G.711, u-law
_CLIP = 32635


def compressed(sample: int) -> int:
    """One sample of 16 bits in u-law."""
    sign, magnitude = (0x80 if sample < 0 else 0), min(abs(sample), _CLIP) + _BIAS
    exponent = magnitude.bit_length() - 8
    return ~(sign | exponent << 4 | magnitude >> exponent + 3 & 0x0F) & 0xFF


def expanded(byte: int) -> int:
    """The sample that a byte in u-law stands for."""
    byte = ~byte & 0xFF
    magnitude = (((byte & 0x0F) << 3) + _BIAS << (byte >> 4 & 7)) - _BIAS
    return -magnitude if byte & 0x80 else magnitude


_EXPANDED = tuple(map(expanded, range(256)))
_TONE = int.from_bytes(
    bytes(
        compressed(round(_AMPLITUDE * math.sin(2 * math.pi * _FREQUENCY * sample / RATE))) for sample in range(SAMPLES)
    ),
    "big",
)
_RANDOM = int.from_bytes(bytes([_RANDOM_BITS]) * SAMPLES, "big")


def fresh_payload() -> bytes:
    """The payload of one packet in u-law, never the same twice."""
    return (_TONE ^ (int.from_bytes(os.urandom(SAMPLES), "big") & _RANDOM)).to_bytes(SAMPLES, "big")


def tone_share(payloads: Iterable[bytes]) -> float:
    """How much of the power in these payloads is the tone's, from 0 to 1 (Goertzel)."""
    samples = [_EXPANDED[byte] for payload in payloads for byte in payload]
    power = sum(sample * sample for sample in samples)
    if not power:
        return 0.0
    coefficient = 2 * math.cos(2 * math.pi * _FREQUENCY / RATE)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + coefficient * last - before
    tone = last * last + before * before - coefficient * last * before
    return min(1.0, 2 * tone / (len(samples) * power))
