"""Fleets of thousands of simulated PBXs, pushed to and planned by one process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.simulated_fleet import SimulatedHosts
from benchmarks.simulated_server import Behaviour
from benchmarks.table import Table, seconds

_LOOK = 0.05  # seconds between two looks at the process


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one run of `confgen` took, the process alone."""

    seconds: float
    first: float  # seconds until the first line of the answer
    cpu: float  # seconds
    cpu_of_hosts: float  # seconds, of the process that plays them
    memory: float  # MB at the peak
    files: int  # open at once, at the peak
    threads: int  # likewise


def measured(hosts: SimulatedHosts, command: Sequence[str], *, edition: str = "1") -> Measured:
    """Run `confgen` on the fleet of these hosts."""
    file = hosts.folder / "fleet.json"
    replace(hosts.fleet, edition=edition).write(file)
    before, started = hosts.seconds_of_cpu, time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.simulated_fleet", str(file), *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "XDG_STATE_HOME": str(hosts.folder), "HOME": str(hosts.folder)},
    )
    assert process.stdout is not None  # noqa: S101 -- a pipe
    watched = _Watched(process.pid)
    first, last = 0.0, ""
    for line in process.stdout:
        first = first or time.perf_counter() - started
        last = line.strip() or last
    watched.end()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    expected = {0, 3, 4} if Behaviour.SILENT.name in hosts.fleet.counts else {0, 3}
    if process.returncode not in expected:
        raise SystemExit(f"confgen {' '.join(command)} ended with {process.returncode}: {last}")
    return Measured(
        seconds=time.perf_counter() - started,
        first=first,
        cpu=used.ru_utime + used.ru_stime,
        cpu_of_hosts=hosts.seconds_of_cpu - before,
        memory=used.ru_maxrss / 1024,
        files=watched.files,
        threads=watched.threads,
    )


class _Watched:
    """A process that is looked at while it runs."""

    def __init__(self, process: int) -> None:
        self.files = self.threads = 0
        self._path = Path(f"/proc/{process}")
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(_LOOK):
            try:
                self.files = max(self.files, sum(1 for _ in (self._path / "fd").iterdir()))
                self.threads = max(self.threads, sum(1 for _ in (self._path / "task").iterdir()))
            except OSError:
                return


_RUNS: dict[str, Callable[[SimulatedHosts], Measured]] = {
    "plan of the first push": lambda hosts: measured(hosts, ["plan"]),
    "push, all at once": lambda hosts: measured(hosts, ["push", "--batch", "100%", "--max-failures", "1000"]),
    "plan, nothing to change": lambda hosts: measured(hosts, ["plan"]),
    "plan, all would change": lambda hosts: measured(hosts, ["plan"], edition="2"),
}


def fleets(sizes: Sequence[int], latency: float, dead: int, only: str = "") -> Table:
    """A row for each run at each size; of a hundred hosts so many do not answer, besides those that do."""
    rows = []
    for size in sizes:
        counts = {Behaviour.ANSWERS: size, Behaviour.SILENT: size * dead // 100}
        with SimulatedHosts(counts, latency) as hosts:
            rows += [_row(size, what, run(hosts)) for what, run in _RUNS.items() if only in what]
    return Table(
        title=f"PBXs that are {latency:g} ms away" + (f", {dead} of 100 of them dead besides" if dead else ""),
        head=("", "PBXs", "seconds", "to the first", "CPU", "CPU, hosts", "MB at peak", "open files", "threads"),
        rows=tuple(rows),
    )


def _row(size: int, what: str, told: Measured) -> tuple[str, ...]:
    figures = (told.seconds, told.first, told.cpu, told.cpu_of_hosts)
    return (what, f"{size:,}", *map(seconds, figures), f"{told.memory:.0f}", str(told.files), str(told.threads))
