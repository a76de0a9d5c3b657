"""What a program takes: seconds of the clock, seconds of CPU, memory at its peak."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-bench" / "bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run of a program."""

    seconds: float
    cpu: float  # seconds, of the program and its children, which of a fleet is not the hosts' side
    megabytes: float  # of the largest of its processes
    said: str
    work: float | None = None  # seconds, without the start of the program


def measured(argv: Sequence[str], *, stdin: str = "", **environment: str) -> Measured:
    """Run a program to its end; SystemExit, with what it said, where that is not a good one."""
    told = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    told.pop("PYTHONDONTWRITEBYTECODE", None)  # each run would compile everything anew
    started = time.perf_counter()
    process = subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=told, cwd=ROOT, text=True
    )
    assert process.stdin is not None  # noqa: S101  asked for above
    assert process.stdout is not None  # noqa: S101
    process.stdin.write(stdin)
    process.stdin.close()
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(argv[:4])} …: ended with {process.returncode}:\n{said[-2000:]}")
    return Measured(
        seconds=seconds, cpu=used.ru_utime + used.ru_stime, megabytes=used.ru_maxrss / 1024, said=said.strip()
    )


@dataclass(frozen=True, slots=True)
class Runs:
    """Several runs of the same."""

    all: tuple[Measured, ...]

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
    def cpu(self) -> float:
        """The median, in seconds."""
        return statistics.median(run.cpu for run in self.all)

    @property
    def megabytes(self) -> float:
        """The largest."""
        return max(run.megabytes for run in self.all)
