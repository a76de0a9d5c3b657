"""The host that a driver is handed: run, upload and dial, whatever carries them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from confgen.model.stream import Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """An argument vector; one place quotes it. Secrets go through `stdin`, never `argv`.

    Where there is a `script`, sh runs it, as what `argv[0]` calls it, with the rest of `argv` as its arguments.
    """

    argv: tuple[str, ...]
    script: str = ""
    stdin: bytes = b""
    timeout: float = 30.0  # seconds, from start to exit
    only_looks: bool = False  # so that it is no matter if it runs though nobody waits for it any more
    leaves_nothing: bool = False  # that still holds its output once it has ended; who says so is waited for less

    @property
    def whole(self) -> tuple[str, ...]:
        """The argument vector of the program that is begun."""
        return ("sh", "-c", self.script, *self.argv) if self.script else self.argv

    def __repr__(self) -> str:
        return f"Command(argv={self.argv!r}, stdin={len(self.stdin)} bytes)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """What a command left behind."""

    exit_status: int
    stdout: bytes
    stderr: bytes

    def __repr__(self) -> str:
        return f"Completed(exit_status={self.exit_status}, stdout={len(self.stdout)} bytes)"


class Host(Protocol):
    """One PBX host over one connection."""

    @property
    def name(self) -> str:
        """The PBX's name in the inventory."""

    def run(self, command: Command, /) -> Completed:
        """Run a command to its end; HostError when it could not be run or told."""

    def dial(self, address: str, port: int, timeout: float, /) -> Stream:
        """A TCP connection made by the host itself, seen from inside its network."""

    def again(self) -> None:
        """Connect anew where the connection has broken; HostError where the host cannot be reached."""


class HostError(Exception):
    """The host could not be reached, or did not answer in time: what happened there is not known."""

    exit_code = 4
    code: str | None = None  # what `confgen explain` knows it by
    is_unsent = False  # True where nothing was asked for yet
