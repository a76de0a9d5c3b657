"""Fleets of thousands of simulated PBXs, pushed to and planned by one process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.behaviour import Behaviour
from benchmarks.measured import ROOT, Launched
from benchmarks.simulated_fleet import SimulatedHosts
from benchmarks.table import Figure, Table, seconds, whole
from benchmarks.targets import PLAN_FAR, PLAN_GROWTH, PLAN_MEMORY

_LOOK = 0.05  # seconds between two looks at the process
_PUSH = "push, all at once"
_UNKNOWN = 4  # how `confgen` ends where some could not be asked


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A command, and what must come of it on every host that answers."""

    words: tuple[str, ...]
    outcome: str
    exit_code: int
    edition: str = "1"


def measured(hosts: SimulatedHosts, run: _Run) -> Measured:
    """Run `confgen` on the fleet of these hosts; SystemExit where anything else came of it."""
    file = hosts.folder / "fleet.json"
    replace(hosts.fleet, edition=run.edition).write(file)
    before, started = hosts.seconds_of_cpu, time.perf_counter()
    argv = [sys.executable, "-m", "benchmarks.simulated_fleet", str(file), *run.words]
    mine = {"PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(hosts.folder), "HOME": str(hosts.folder)}
    errors = hosts.folder / "errors.txt"
    with (
        errors.open("wb") as stderr,
        Launched(argv, {**os.environ, **mine}, stdin=subprocess.DEVNULL, stderr=stderr) as program,
    ):
        watched = _Watched(program.number)
        first, last, blamed = 0.0, "", ""
        for line in program.stdout:
            first = first or time.perf_counter() - started
            last = line.decode().strip() or last
            blamed = last if ": unknown: " in last else blamed
        watched.end()
        used = program.used()
    answering = hosts.fleet.counts[Behaviour.ANSWERS.name]
    expected = run.exit_code if len(hosts.fleet.counts) == 1 else _UNKNOWN
    if used.exit_code != expected or f" {answering} {run.outcome}" not in last:
        said = errors.read_text(encoding="utf-8", errors="replace")
        raise SystemExit(f"confgen {' '.join(run.words)} ended with {used.exit_code}: {last}\n{blamed or said[-2000:]}")
    return Measured(
        seconds=used.seconds,
        first=first,
        cpu=used.cpu,
        cpu_of_hosts=hosts.seconds_of_cpu - before,
        memory=used.megabytes,
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


_RUNS = {
    "plan of the first push": _Run(words=("plan",), outcome="planned", exit_code=3),
    _PUSH: _Run(words=("push", "--batch", "100%", "--max-failures", "100000"), outcome="proven", exit_code=0),
    "plan, nothing to change": _Run(words=("plan",), outcome="unchanged", exit_code=0),
    "plan, all would change": _Run(words=("plan",), outcome="planned", exit_code=3, edition="2"),
}


def fleets(sizes: Sequence[int], pushed: Sequence[int], latency: float, dead: int) -> Table:
    """A row for each run at each size; of a hundred hosts so many do not answer, besides those that do.

    What is not among `pushed` is only planned, for the first time.
    """
    found: dict[tuple[str, int], Measured] = {}
    for size in sizes:
        counts = {Behaviour.ANSWERS: size, Behaviour.SILENT: size * dead // 100}
        with SimulatedHosts(counts, latency) as hosts:
            for what, run in _RUNS.items():
                found[what, size] = measured(hosts, run)
                print(f"  {size} PBXs, {what}: {found[what, size].seconds:.1f} s", file=sys.stderr, flush=True)
                if what == _PUSH and set(hosts.pushes().values()) != {1}:
                    raise SystemExit(f"not each of the {size} PBXs was pushed to once")
                if size not in pushed:
                    break
    return Table(
        title=f"PBXs that are {latency:g} ms away" + (f", {dead} of 100 of them dead besides" if dead else ""),
        head=("", "PBXs", "seconds", "to the first", "CPU", "CPU, hosts", "MB at peak", "open files", "threads"),
        rows=tuple(_row(size, what, told) for (what, size), told in found.items()),
        figures={} if dead else figures(found, latency),
    )


def figures(found: Mapping[tuple[str, int], Measured], latency: float) -> Mapping[str, Figure]:
    """Of plans; where several were made at a size, the one that took most."""
    plans: dict[int, list[Measured]] = {}
    for (what, size), told in found.items():
        if what != _PUSH:
            plans.setdefault(size, []).append(told)
    memory = {size: max(told.memory for told in each) for size, each in plans.items()}
    slowest = {size: max(told.seconds for told in each) for size, each in plans.items()}
    return {
        **{PLAN_MEMORY.format(size): Figure(value) for size, value in memory.items()},
        **{PLAN_FAR.format(size, latency): Figure(value) for size, value in slowest.items()},
        **{
            PLAN_GROWTH.format(large, small): Figure(memory[large] / memory[small])
            for large in memory
            for small in memory
            if small < large
        },
    }


def _row(size: int, what: str, told: Measured) -> tuple[str, ...]:
    took = (told.seconds, told.first, told.cpu, told.cpu_of_hosts)
    return (what, f"{size:,}", *map(seconds, took), whole(told.memory), str(told.files), str(told.threads))
