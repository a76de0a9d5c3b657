"""A deadline: the one moment that several waits share."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock."""

    moment: float  # seconds

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """The moment that lies so many seconds ahead."""
        return cls(time.monotonic() + seconds)

    @property
    def remaining(self) -> float:
        """The seconds left, never less than zero."""
        return max(0.0, self.moment - time.monotonic())
