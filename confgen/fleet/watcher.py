"""Who is told how the work goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from confgen.model.result import Result


class Watcher(Protocol):
    """Told from several threads: of steps by whoever takes them, from afar perhaps after the end."""

    def begin(self, pbx: str, /) -> None:
        """The work on a PBX, or on the leg of a trunk, begins."""

    def step(self, pbx: str, words: str, /) -> None:
        """What is being done now."""

    def end(self, result: Result, /) -> None:
        """The work has come to an end."""
