"""Fleets of thousands of simulated PBXs, pushed to and planned by one process: `python -m benchmarks.many`."""

from __future__ import annotations

import argparse
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
    summary: str  # the last line of the answer


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
    _, _, used = os.wait4(process.pid, 0)
    return Measured(
        seconds=time.perf_counter() - started,
        first=first,
        cpu=used.ru_utime + used.ru_stime,
        cpu_of_hosts=hosts.seconds_of_cpu - before,
        memory=used.ru_maxrss / 1024,
        files=watched.files,
        threads=watched.threads,
        summary=last,
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
                self.files = max(self.files, len(os.listdir(self._path / "fd")))
                self.threads = max(self.threads, len(os.listdir(self._path / "task")))
            except OSError:
                return


_RUNS: dict[str, Callable[[SimulatedHosts, list[str]], Measured]] = {
    "plan of the first push": lambda hosts, options: measured(hosts, ["plan", *options]),
    "push of all at once": lambda hosts, options: measured(
        hosts, ["push", "--batch", "100%", "--max-failures", "1000", *options]
    ),
    "plan, nothing to change": lambda hosts, options: measured(hosts, ["plan", *options]),
    "plan, all would change": lambda hosts, options: measured(hosts, ["plan", *options], edition="2"),
}


def main() -> None:
    """Print a line for each run at each size."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--hosts", type=int, nargs="+", default=[50, 500], help="sizes (50 and 500)")
    arguments.add_argument("--latency", type=float, default=50, help="milliseconds there and back (50)")
    arguments.add_argument("--dead", type=int, default=0, help="so many hosts in a hundred do not answer besides (0)")
    arguments.add_argument("--parallel", type=int, help="as of confgen")
    given = arguments.parse_args()
    options = [] if given.parallel is None else ["--parallel", str(given.parallel)]
    for size in given.hosts:
        counts = {Behaviour.ANSWERS: size, Behaviour.SILENT: size * given.dead // 100}
        print(f"{size} hosts, {given.latency:g} ms away, and {counts[Behaviour.SILENT]} that do not answer")
        print(f"{'':26}{'seconds':>9}{'first':>7}{'CPU':>7}{'of hosts':>9}{'MB':>6}{'files':>7}{'threads':>9}")
        with SimulatedHosts(counts, given.latency) as hosts:
            for what, run in _RUNS.items():
                told = run(hosts, options)
                print(
                    f"  {what:24}{told.seconds:>9.1f}{told.first:>7.1f}{told.cpu:>7.1f}{told.cpu_of_hosts:>9.1f}"
                    f"{told.memory:>6.0f}{told.files:>7}{told.threads:>9}  {told.summary}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
