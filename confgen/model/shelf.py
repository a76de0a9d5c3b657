"""What an operator keeps of a PBX whose host keeps nothing for us: generations, journal and lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection


class Shelf(Protocol):
    """Texts by name for one PBX, kept by the operator; no secret is laid there.

    A name is small letters, digits, hyphens and slashes. Every call is whole or not at all, also when the power goes,
    and HostError where the folder cannot be read or written.
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
