"""The doors of SSH servers: how many are at one at once, and what those behind learn of who found it shut."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confgen.remote.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from confgen.remote.hop import Hop

AT_ONCE = 8  # not let in yet, at one server: sshd begins to turn strangers away at ten (MaxStartups)
_LONG = 1.0  # seconds; who is turned away at once may be let in the next time, and has cost nothing
_REST = 30.0  # seconds for which a jump host that did not answer is not asked again


@dataclass
class _Gate:
    permits: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))
    users: int = 0
    shut_at: float | None = None  # on the clock
    words: str = ""  # of who found it shut


class Gates:
    """Of all servers of one run. A server that does not answer keeps nobody from another one.

    Which one an address means, only the way tells: behind each site's jump host there may be a 192.168.1.10.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._gates: dict[tuple[str, ...], _Gate] = {}

    @contextmanager
    def to_host(self, hop: Hop, behind: Sequence[Hop]) -> Iterator[None]:
        """At the door of a PBX's own host for as long as the block takes."""
        with self._at((*map(str, behind), hop.server)) as gate, gate.permits:
            yield

    @contextmanager
    def to_jump_host(self, hop: Hop, behind: Sequence[Hop]) -> Iterator[None]:
        """The same at a jump host; Unreachable at once where another has just found that it does not answer.

        Hundreds of PBXs may lie behind it, and each would wait as long.
        """
        with self._at((*map(str, behind), str(hop))) as gate, gate.permits:
            if gate.shut_at is not None and self._clock() - gate.shut_at < _REST:
                raise Unreachable(gate.words)
            begun = self._clock()
            try:
                yield
            except Unreachable as error:
                if self._clock() - begun >= _LONG:
                    gate.shut_at, gate.words = self._clock(), str(error)
                raise
            gate.shut_at = None

    @contextmanager
    def _at(self, whose: tuple[str, ...]) -> Iterator[_Gate]:
        """A gate, which is forgotten when nobody is at it, unless it was found shut."""
        with self._lock:
            gate = self._gates.setdefault(whose, _Gate())
            gate.users += 1
        try:
            yield gate
        finally:
            with self._lock:
                gate.users -= 1
                if not gate.users and gate.shut_at is None:
                    del self._gates[whose]
