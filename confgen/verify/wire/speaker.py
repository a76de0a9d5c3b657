"""Our side of a call: one stream of packets, each with a purpose, a payload and a sequence number of its own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import Enum

from confgen.verify.wire.rtp import HEADER_LENGTH, SAMPLES, Header
from confgen.verify.wire.srtp import Outgoing
from confgen.verify.wire.tone import fresh_payload


class Purpose(Enum):
    """What a packet is to show."""

    PROOF = "ours"
    CLEAR = "in clear"
    FORGED = "with a wrong tag"
    NEW_KEY = "under the new key"
    OLD_KEY = "under the old key"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a payload was for, and how many were made before it."""

    purpose: Purpose
    number: int


class Speaker:
    """Makes the packets, and remembers them.

    No sequence number is used twice, not even by what must be refused: it would be two texts under one key stream,
    and a packet that looks like a replay is answered in other ways than one that is not authentic.
    """

    def __init__(self, key_and_salt: bytes) -> None:
        self.source = secrets.randbits(32)
        self.spoken: dict[bytes, Spoken] = {}  # by payload
        self.ciphertexts: set[bytes] = set()  # what stood behind our headers
        self._outgoing = self._old = Outgoing(key_and_salt)
        self._proves = Purpose.PROOF
        # Low, so that it does not wrap: a receiver that misses the wrap counts the roll-overs wrongly.
        self._sequence = secrets.randbelow(2**14)
        self._timestamp = secrets.randbits(31)
        self._is_first = True

    def count(self, purpose: Purpose) -> int:
        """How many packets were made for it."""
        return sum(spoken.purpose is purpose for spoken in self.spoken.values())

    def change_key(self, key_and_salt: bytes) -> None:
        """From now on, what proves is under this key."""
        self._old, self._outgoing = self._outgoing, Outgoing(key_and_salt)
        self._proves = Purpose.NEW_KEY

    def proof(self) -> bytes:
        """The next packet as it should be."""
        return self._protected(self._outgoing, self._proves)

    def under_old_key(self) -> bytes:
        """A packet that was right until the key changed."""
        return self._protected(self._old, Purpose.OLD_KEY)

    def in_clear(self) -> bytes:
        """A packet as somebody without the key would send it."""
        return self._next(Purpose.CLEAR)

    def forged(self) -> bytes:
        """A packet whose tag is wrong in one bit."""
        packet = self._protected(self._outgoing, Purpose.FORGED)
        return packet[:-1] + bytes([packet[-1] ^ 1])

    def _protected(self, outgoing: Outgoing, purpose: Purpose) -> bytes:
        packet = outgoing.protect(self._next(purpose))
        self.ciphertexts.add(packet[HEADER_LENGTH:])
        return packet

    def _next(self, purpose: Purpose) -> bytes:
        payload = fresh_payload()
        self.spoken[payload] = Spoken(purpose, len(self.spoken))
        header = Header(
            sequence=self._sequence, timestamp=self._timestamp, source=self.source, is_marked=self._is_first
        )
        self._is_first = False
        self._sequence += 1
        self._timestamp += SAMPLES
        return header.build() + payload
