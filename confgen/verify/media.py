"""The media of one call that the PBX has answered: what is sent in it, how long, and when it is enough."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from confgen.verify.wire.conversation import Conversation
from confgen.verify.wire.listener import Listener, Sort
from confgen.verify.wire.rtp import Kind, kind_of
from confgen.verify.wire.speaker import Purpose, Speaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confgen.streams.tcp import Address
    from confgen.verify.probe import Pace
    from confgen.verify.wire.conversation import Packets
    from confgen.verify.wire.datagrams import Datagram, Datagrams
    from confgen.verify.wire.speaker import Spoken

ENOUGH = 10  # packets: one would prove it, ten leave nothing to chance
ENOUGH_AFTERWARDS = 3  # packets: what came before them would have been played before them
NEVER = (Sort.IN_CLEAR, Sort.OWN_SOURCE, Sort.FOREIGN, Sort.NOT_AUTHENTIC)  # may come, not even once
LIMIT = 25  # packets, half a second: what must be proven is proven long before
_SLIPPED_IN = range(4, 7)  # with which packets others are slipped in
_UNDER_OLD_KEY = range(2, 5)  # with which packets under a new key others go out under the old one


class Media:
    """Keys are agreed on: speak, listen, and count."""

    def __init__(self, datagrams: Datagrams, remote: Address, ours: bytes, theirs: bytes, pace: Pace) -> None:
        self.speaker = Speaker(ours)
        self.listener = Listener(self.speaker, remote, theirs)
        self.after_slipping_in = 0
        self.after_old_key = 0
        self.round_trip = 0.0  # seconds, the longest that a packet of `prove` took
        self._sent_at: dict[int, float] = {}  # moments, by number
        self._conversation = Conversation(datagrams, remote, self._take, pace.packet)
        self._pace = pace
        self._handshake: Callable[[bytes], None] | None = None

    @property
    def is_proven(self) -> bool:
        """Whether enough of what was sent came back authentic and exact, and nothing came that should not have come."""
        return self.listener.count(Purpose.PROOF) >= ENOUGH and not self.is_disproven

    @property
    def is_disproven(self) -> bool:
        """Whether something came that should not have come; then no more is said into the call."""
        return any(self.listener.counts[sort] for sort in NEVER)

    def hand_over(self, early: list[Datagram], handshake: Callable[[bytes], None]) -> None:
        """Take what came during a DTLS handshake, and let it have its own packets from now on."""
        self._handshake = handshake
        for datagram in early:
            self._take(datagram)

    def prove(self) -> None:
        """Send what must come back, and slip in what must not."""
        speaker = self.speaker

        def ticks() -> Iterator[Packets]:
            for number in range(LIMIT):
                if number == _SLIPPED_IN.stop:
                    self.after_slipping_in = len(speaker.spoken)
                self._sent_at[len(speaker.spoken)] = time.monotonic()
                if number in _SLIPPED_IN:
                    yield speaker.proof(), speaker.in_clear(), speaker.forged()
                else:
                    yield (speaker.proof(),)

        self._conversation.speak(ticks(), self._is_proof_enough, self._pace.patience)

    def change_keys(self, remote: Address, ours: bytes, theirs: bytes) -> None:
        """Another key was agreed on: it must be in force, and the old one must not."""
        listener, speaker = self.listener, self.speaker
        self._conversation.remote = remote
        listener.move(remote)
        speaker.change_key(ours)
        listener.change_key(theirs)

        def ticks() -> Iterator[Packets]:
            for number in range(LIMIT):
                if number == _UNDER_OLD_KEY.stop:
                    self.after_old_key = len(speaker.spoken)
                if number in _UNDER_OLD_KEY:
                    yield speaker.proof(), speaker.under_old_key()
                else:
                    yield (speaker.proof(),)

        self._conversation.speak(ticks(), self._is_new_key_enough, self._pace.patience)

    def wait_for_control(self) -> None:
        """Go on speaking until RTCP comes, or until it does not."""
        counts = self.listener.counts
        self._conversation.speak(
            ((self.speaker.proof(),) for _ in range(int(self._pace.control / self._pace.packet))),
            lambda: counts[Sort.CONTROL] + counts[Sort.CONTROL_IN_CLEAR] > 0,
            0.0,
        )

    def say_one(self) -> None:
        """Send a single packet."""
        self._conversation.send((self.speaker.proof(),))

    def hear(self) -> None:
        """Take what has come until now."""
        self._conversation.hear()

    def _is_proof_enough(self) -> bool:
        return self.is_disproven or (
            self.after_slipping_in > 0
            and self.is_proven
            and self.listener.count(Purpose.PROOF, self.after_slipping_in) >= ENOUGH_AFTERWARDS
        )

    def _is_new_key_enough(self) -> bool:
        return self.is_disproven or (
            self.after_old_key > 0
            and self.listener.count(Purpose.NEW_KEY) >= ENOUGH_AFTERWARDS
            and self.listener.count(Purpose.NEW_KEY, self.after_old_key) > 0
        )

    def _measure(self, spoken: Spoken) -> None:
        if spoken.number in self._sent_at:
            self.round_trip = max(self.round_trip, time.monotonic() - self._sent_at[spoken.number])

    def _take(self, datagram: Datagram) -> None:
        sort = self.listener.take(datagram)
        if sort is Sort.EXACT:
            self._measure(next(reversed(self.listener.exact.values())))
        is_record = sort is Sort.HANDSHAKE and kind_of(datagram.content) is Kind.DTLS
        if is_record and not datagram.is_on_control_port and self._handshake is not None:
            self._handshake(datagram.content)
