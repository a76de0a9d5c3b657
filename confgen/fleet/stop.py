"""The operator's word to stop, which every thread can hear."""

from __future__ import annotations

import threading

from confgen.push import Stopped


class Stop:
    """Once it is asked for, nothing new is begun, and what is under way ends before its switch or at its own end."""

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def is_asked(self) -> bool:
        """Whether somebody has asked to stop."""
        return self._event.is_set()

    def ask(self) -> None:
        """Ask to stop; twice is as good as once."""
        self._event.set()

    def halt(self) -> None:
        """Stopped where somebody has asked to stop."""
        if self.is_asked:
            raise Stopped("interrupted")
