"""What a program takes: seconds of the clock, seconds of CPU, memory at its peak."""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Self

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-bench" / "bin"
_LAUNCHER = Path(__file__).with_name("launched.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """How a program ended, and what it had taken by then."""

    exit_code: int
    seconds: float
    cpu: float  # seconds, of the program and its children, which of a fleet is not the hosts' side
    megabytes: float  # of the largest of its processes


class Launched:
    """A program that runs; leaving the block before it has ended kills it, and what it has started."""

    def __init__(
        self, argv: Sequence[str], environment: Mapping[str, str], *, stdin: IO[bytes] | int, stderr: IO[bytes] | int
    ) -> None:
        read, write = os.pipe()
        self._told = os.fdopen(read, encoding="ascii")
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_LAUNCHER), str(write), *argv],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=environment,
            cwd=ROOT,
            pass_fds=(write,),
            start_new_session=True,
        )
        os.close(write)

    def __enter__(self) -> Self:
        first = self._told.readline()
        if not first:
            self.__exit__(None, None, None)
            raise SystemExit("the program is not there, or does not start: make bench installs what is needed")
        self.number = int(first)  # of the program's process
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._told.close()
        assert self._process.stdout is not None  # noqa: S101 -- a pipe
        self._process.stdout.close()

    @property
    def stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None  # noqa: S101 -- a pipe
        return self._process.stdout

    def said(self, limit: float | None) -> str:
        """All that it says until it ends; TimeoutExpired after so many seconds."""
        return self._process.communicate(timeout=limit)[0].decode(errors="replace").strip()

    def used(self) -> Used:
        """Wait for its end."""
        status, seconds, cpu, kilobytes = self._told.readline().split()
        return Used(
            exit_code=os.waitstatus_to_exitcode(int(status)),
            seconds=float(seconds),
            cpu=float(cpu),
            megabytes=int(kilobytes) / 1024,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run of a program."""

    seconds: float
    cpu: float | None  # seconds; None where the run was given up
    megabytes: float | None  # likewise
    said: str
    work: float | None = None  # seconds, without the start of the program
    is_over: bool = True  # False: it was given up after `seconds`, and takes longer


def measured(argv: Sequence[str], *, stdin: Path | None = None, limit: float | None = None, **more: str) -> Measured:
    """Run a program to its end; SystemExit, with what it said, where that is not a good one.

    After `limit` seconds it is given up, which is told. `more` is added to the environment.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # each run would compile everything anew
    with (
        (stdin or Path(os.devnull)).open("rb") as given,
        Launched(argv, environment, stdin=given, stderr=subprocess.STDOUT) as program,
    ):
        try:
            said = program.said(limit)
        except subprocess.TimeoutExpired as expired:
            return Measured(seconds=expired.timeout, cpu=None, megabytes=None, said="", is_over=False)
        used = program.used()
    if used.exit_code != 0:
        raise SystemExit(f"{' '.join(argv[:4])} …: ended with {used.exit_code}:\n{said[-2000:]}")
    return Measured(seconds=used.seconds, cpu=used.cpu, megabytes=used.megabytes, said=said)


@dataclass(frozen=True, slots=True)
class Runs:
    """Several runs of the same."""

    all: tuple[Measured, ...]

    @property
    def are_over(self) -> bool:
        """Whether all came to their end; else the seconds are a lower bound."""
        return all(run.is_over for run in self.all)

    @property
    def seconds(self) -> float:
        """The median."""
        return statistics.median(run.seconds for run in self.all)

    @property
    def work(self) -> float | None:
        """The median of what was told."""
        told = [run.work for run in self.all if run.work is not None]
        return statistics.median(told) if told else None

    @property
    def cpu(self) -> float | None:
        """The median, in seconds."""
        told = [run.cpu for run in self.all if run.cpu is not None]
        return statistics.median(told) if told else None

    @property
    def megabytes(self) -> float | None:
        """The largest."""
        return max((run.megabytes for run in self.all if run.megabytes is not None), default=None)
