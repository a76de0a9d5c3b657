"""How it is told that a command came to no end that is known; its standard input stays out of every message."""

from __future__ import annotations

from dataclasses import dataclass

from confgen.model.host import Command
from confgen.remote.errors import CommandTimedOut, ConnectionLost, OutputTooLong
from confgen.remote.hop import Hop

OUTPUT_LIMIT = 16 * 1024 * 1024  # bytes, both streams together


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Of one command; each method makes the error for its caller to raise."""

    hop: Hop
    command: Command

    @property
    def _program(self) -> str:
        return f"{self.hop}: {self.command.argv[0]}"

    def not_started(self, why: str) -> ConnectionLost:
        return ConnectionLost(f"{self._program} was not started: {why}")

    def not_run(self) -> ConnectionLost:
        return ConnectionLost(f"{self._program} was not run: refused by the server, or the connection was lost")

    def timed_out(self) -> CommandTimedOut:
        return CommandTimedOut(
            f"{self._program} did not end within {self.command.timeout:g} s; whether it still runs is not known"
        )

    def too_long(self) -> OutputTooLong:
        return OutputTooLong(
            f"{self._program} wrote more than {OUTPUT_LIMIT // 1024 // 1024} MiB; how far it came is not known"
        )

    def as_by_signal(self, status: int) -> ConnectionLost:
        return ConnectionLost(
            f"{self._program} ended with status {status}, as by a signal; how far it came is not known"
        )

    def without_input(self) -> ConnectionLost:
        return ConnectionLost(f"{self._program} was not given all of its input on the host; what it did is not known")

    def without_status(self) -> ConnectionLost:
        return ConnectionLost(f"{self._program} ended without a status: it was killed on the host")

    def without_end(self) -> ConnectionLost:
        return ConnectionLost(f"{self._program} did not come to its end here: the connection was lost")
