"""Secrets that an API has refused, so that none is tried again: a 3CX bans an address after three wrong tries."""

from __future__ import annotations

import threading

from confgen.model.secret import Secret


class Refusals:
    """Of one process; any thread may ask. A secret is refused at an API, whatever connections it is tried over."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: dict[tuple[str, int, str, Secret], str] = {}

    def of(self, name: str, port: int, client: str, secret: Secret) -> str | None:
        """What was told when it was refused; None where it was not."""
        with self._lock:
            return self._told.get((name, port, client, secret))

    def remember(self, name: str, port: int, client: str, secret: Secret, told: str) -> None:
        """It was refused."""
        with self._lock:
            self._told[name, port, client, secret] = told


REFUSALS = Refusals()
