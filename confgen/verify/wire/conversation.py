"""Speaks and listens on one thread: a packet at each tick of the clock, and everything that comes in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from confgen.streams.tcp import Address
from confgen.verify.wire.datagrams import Datagram, Datagrams

Packets = tuple[bytes, ...]  # that leave at the same moment


class Conversation:
    """Media between our sockets and the far end's address; `take` is given each datagram that comes."""

    def __init__(
        self, datagrams: Datagrams, remote: Address, take: Callable[[Datagram], object], packet_time: float
    ) -> None:
        self._datagrams = datagrams
        self.remote = remote
        self._take = take
        self._packet_time = packet_time
        self._next_moment = time.monotonic()

    def speak(self, ticks: Iterable[Packets], is_enough: Callable[[], bool], patience: float) -> bool:
        """Send what each tick has, until it is enough; then wait up to so many seconds for what is still on its way.

        Tells whether it became enough. What a tick has is made when its moment has come.
        """
        self._next_moment = max(self._next_moment, time.monotonic())
        for packets in ticks:
            self.send(packets)
            self._next_moment += self._packet_time
            if self._listen(self._next_moment, is_enough):
                return True
        return self._listen(time.monotonic() + patience, is_enough)

    def send(self, packets: Packets) -> None:
        """Send these at once."""
        for packet in packets:
            self._datagrams.send(packet, self.remote)

    def hear(self) -> None:
        """Take what has come until now."""
        for datagram in self._datagrams.receive(0.0):
            self._take(datagram)

    def _listen(self, moment: float, is_enough: Callable[[], bool]) -> bool:
        """Take what comes until the moment, or until it is enough."""
        while not is_enough():
            waited = moment - time.monotonic()
            for datagram in self._datagrams.receive(waited):
                self._take(datagram)
            if waited <= 0:
                return is_enough()
        return True
