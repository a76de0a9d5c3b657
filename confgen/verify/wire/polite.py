"""Connections at a rate that no intrusion detection takes for an attack."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confgen.streams.tcp import TimedOut, connect

if TYPE_CHECKING:
    from confgen.model.stream import Stream
    from confgen.streams.tcp import Dial

AT_ONCE = 8  # connections to one address
BURST = 96  # connections that may come as fast as they are asked for
SPACING = 0.125  # seconds between connections beyond the burst; the burst grows again as slowly
_PATIENCE = 30.0  # seconds for which one of those that are up is waited for


class PoliteDial:
    """Dials each address with at most `AT_ONCE` connections up, and beyond a burst no oftener than every `SPACING`.

    One for all that a run looks at: an address is the same PBX whatever names and ports lead to it.
    """

    def __init__(
        self,
        dial: Dial = connect,
        *,
        now: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._dial = dial
        self._now = now
        self._wait = wait
        self._lock = threading.Lock()
        self._gates: dict[str, _Gate] = {}

    def __call__(self, address: str, port: int, timeout: float) -> Stream:
        """A connection opened within `timeout` seconds from when it is its turn; TimedOut when that does not come."""
        with self._lock:
            gate = self._gates.setdefault(address, _Gate(next_at=self._now() - BURST * SPACING))
        if not gate.places.acquire(timeout=_PATIENCE):
            raise TimedOut("too many connections to the address are up")
        try:
            delay = gate.turn(self._now())
            if delay > 0:
                self._wait(delay)
            return _Counted(self._dial(address, port, timeout), gate.places)
        except BaseException:
            gate.places.release()
            raise


@dataclass(slots=True)
class _Gate:
    """What is known of one address."""

    next_at: float  # when the next connection is due, on the clock; far behind while there is burst left
    places: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def turn(self, now: float) -> float:
        """The seconds until whoever asks now may dial."""
        with self._lock:
            self.next_at = max(self.next_at, now - BURST * SPACING) + SPACING
            return max(0.0, self.next_at - now)


class _Counted:
    """A stream whose end lets another one in."""

    def __init__(self, stream: Stream, places: threading.BoundedSemaphore) -> None:
        self._stream = stream
        self._places: threading.BoundedSemaphore | None = places

    def send_all(self, content: bytes, /) -> None:
        """Send everything."""
        self._stream.send_all(content)

    def receive(self, limit: int, timeout: float, /) -> bytes:
        """At most `limit` bytes, at least one; b"" at the end of the stream."""
        return self._stream.receive(limit, timeout)

    def close(self) -> None:
        """Close at once; closing twice is fine."""
        self._stream.close()
        places, self._places = self._places, None
        if places is not None:
            places.release()
