"""How long anything that is asked for a secret may take, and who may end it before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

LOOK = 0.05  # seconds between two looks at whether we were interrupted

_Answer = TypeVar("_Answer")


class GaveUp(Exception):
    """It took too long, or somebody stopped us; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """So many seconds, and no longer than until somebody asks to stop."""

    seconds: float
    is_stopped: Callable[[], bool]

    def until(self) -> Deadline:
        """The moment at which it is at its end, counted from now."""
        return Deadline(moment=time.monotonic() + self.seconds, patience=self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A moment on the monotonic clock, in seconds."""

    moment: float
    patience: Patience

    def check(self) -> None:
        """GaveUp where it has come, or somebody asks to stop."""
        if self.patience.is_stopped():
            raise GaveUp("interrupted")
        if time.monotonic() > self.moment:
            raise GaveUp(f"did not end within {self.patience.seconds:g} s")


def in_time(work: Callable[[], _Answer], patience: Patience) -> _Answer:
    """What the work gives, or raises; GaveUp where nothing comes in time.

    It runs on a thread that nobody waits for at the end: of a library that has no time limit of its own, or that
    looks up a name, nothing else bounds how long it takes.
    """
    answers: list[_Answer] = []
    faults: list[Exception] = []
    is_done = threading.Event()

    def run() -> None:
        try:
            answers.append(work())
        except Exception as error:  # noqa: BLE001 -- raised again where somebody waits for it
            faults.append(error)
        finally:
            is_done.set()

    deadline = patience.until()
    threading.Thread(target=run, name="secrets-asking", daemon=True).start()
    while not is_done.wait(LOOK):
        deadline.check()
    if faults:
        raise faults[0]
    return answers[0]
