"""Secrets that brought no token, so that none is tried again: a 3CX bans an address after three wrong tries."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from confgen.model.host import HostError
from confgen.model.secret import Secret


class Refusals:
    """Of one process; any thread may ask. A secret is refused at an API, whatever connections it is tried over."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: dict[tuple[str, int, str], threading.Lock] = {}
        self._told: dict[tuple[str, int, str, Secret], tuple[type[HostError], str]] = {}
        self._good: set[tuple[str, int, str, Secret]] = set()

    @contextmanager
    def turn(self, name: str, port: int, client: str) -> Iterator[None]:
        """One after the other asks for a token: what the first one is told is known before the next one asks."""
        with self._lock:
            turn = self._turns.setdefault((name, port, client), threading.Lock())
        with turn:
            yield

    def of(self, name: str, port: int, client: str, secret: Secret) -> HostError | None:
        """What is to be raised in the place of another try; None where it may be tried."""
        with self._lock:
            told = self._told.get((name, port, client, secret))
        return None if told is None else told[0](told[1])

    def is_good(self, name: str, port: int, client: str, secret: Secret) -> bool:
        """Whether it has brought a token in this run."""
        with self._lock:
            return (name, port, client, secret) in self._good

    def accept(self, name: str, port: int, client: str, secret: Secret) -> None:
        """It brought a token."""
        with self._lock:
            self._good.add((name, port, client, secret))

    def remember(self, name: str, port: int, client: str, secret: Secret, told: HostError) -> None:
        """It brought none."""
        with self._lock:
            self._told[name, port, client, secret] = (type(told), str(told))


REFUSALS = Refusals()
