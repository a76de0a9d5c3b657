"""An executor that knows of each job where it can be done, and whether there is room."""

from __future__ import annotations

from abc import abstractmethod
from concurrent.futures import Executor


class Places(Executor):
    """Takes no more work than it can do at once: what waits, waits with whoever asks.

    It is given functions that pickle, with a value that has `pbx` and `inventory`, and a Site whose stop counts
    everywhere.
    """

    @property
    @abstractmethod
    def is_lost(self) -> bool:
        """Whether nothing more can be begun."""

    @abstractmethod
    def has_room(self, site: str | None) -> bool:
        """Whether one more can be begun now for a PBX of this site, or be told that it cannot be."""
