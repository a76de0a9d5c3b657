"""What an operator keeps of a PBX whose host keeps nothing for us: generations, journal and lock."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

_NAME = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*")
_LONGEST = 200  # letters; a file's name has at most 255 bytes


def is_name(text: str) -> bool:
    """Whether a text may lie under this name."""
    return len(text) <= _LONGEST and _NAME.fullmatch(text) is not None


class Shelf(Protocol):
    """Texts by name for one PBX, kept by the operator; no secret is laid there.

    A name is small letters, digits and hyphens, with slashes between them; ValueError where it is none. Every call is
    whole or not at all, also when the power goes; HostError where the folder cannot be read or written.
    """

    def names(self) -> Collection[str]:
        """Every name there is."""

    def read(self, name: str, /) -> str | None:
        """The text under a name; None where there is none."""

    def write(self, name: str, text: str, /) -> None:
        """Put a text under a name, in the place of what was there."""

    def create(self, name: str, text: str, /) -> bool:
        """Put a text under a name that has none; False where somebody else was first."""

    def remove(self, name: str, /) -> None:
        """Nothing under this name any more; what is not there is removed already."""
