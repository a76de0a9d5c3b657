"""How much sooner several workers push to a fleet than one: a real scheduler under TLS, simulated PBXs."""

from __future__ import annotations

import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.behaviour import Behaviour
from benchmarks.simulated_fleet import Confgen, SimulatedHosts
from benchmarks.table import Figure, Table, seconds
from benchmarks.targets import LEFT, TWICE, WORKERS
from lab.dask_cluster import DaskCluster, WorkerSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

_THREADS = 8
_MANY = 4  # workers
_UNDO_AFTER = 10  # seconds
_PUSH = ("push", "--batch", "100%", "--max-failures", "100000", "--undo-after", str(_UNDO_AFTER))
_QUIET = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}  # which looks at every thread a hundred times a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """A push by workers, and what became of the PBXs."""

    seconds: float
    twice: int  # PBXs of which more than one push was begun, before what was lost was resumed
    lost: int  # PBXs of which the run could not tell
    left: int  # that were not as they should be in the end


def workers(sizes: Sequence[int], latency: float) -> Table:
    """A row for one worker, for four, and for four of which one is killed in the midst, at each size."""
    rows: list[tuple[str, ...]] = []
    figures: dict[str, Figure] = {}
    for size in sizes:
        one, many = _pushed(size, latency, 1), _pushed(size, latency, _MANY)
        killed = _pushed(size, latency, _MANY, kills=True)
        rows.append(_row("1 worker", size, one, one))
        rows.append(_row(f"{_MANY} workers", size, many, one))
        rows.append(_row("one of them killed, then resumed", size, killed, one))
        figures[WORKERS.format(size, latency)] = Figure(one.seconds / many.seconds)
        figures[TWICE.format(size)] = Figure(max(each.twice for each in (one, many, killed)))
        figures[LEFT.format(size)] = Figure(max(each.left for each in (one, many, killed)))
    return Table(
        title=f"Workers of {_THREADS} threads, PBXs that are {latency:g} ms away",
        head=("", "PBXs", "seconds", "times sooner", "pushed twice", "not told", "left in the end"),
        rows=tuple(rows),
        figures=figures,
    )


def _row(what: str, size: int, told: Pushed, one: Pushed) -> tuple[str, ...]:
    ratio = f"{one.seconds / told.seconds:.1f}"
    return (what, f"{size:,}", seconds(told.seconds), ratio, str(told.twice), str(told.lost), str(told.left))


def _pushed(size: int, latency: float, count: int, *, kills: bool = False) -> Pushed:
    specs = [WorkerSpec(name=f"worker-{number}", threads=_THREADS, environment=_QUIET) for number in range(count)]
    with (
        tempfile.TemporaryDirectory() as folder,
        SimulatedHosts({Behaviour.ANSWERS: size}, latency) as hosts,
        DaskCluster(Path(folder), specs, preload="benchmarks.files_worker") as cluster,
    ):
        words = [*_PUSH, *cluster.words]
        started = time.perf_counter()
        run = Confgen(hosts, words)
        if kills:
            run.wait_for(size // 3)
            cluster.kill(specs[0].name)
        code, told = run.end()
        taken = time.perf_counter() - started
        twice = sum(count > 1 for count in hosts.pushes().values())
        lost = len(re.findall(r"was lost while this PBX was worked on", told))
        if code != (4 if kills else 0):
            raise SystemExit(f"confgen push ended with {code}: {told[-2000:]}")
        if lost:
            time.sleep(_UNDO_AFTER + 1)  # the hold of the lost pushes ends
            code, told = Confgen(hosts, [words[0], "--resume", *words[1:]]).end()
            if code != 0:
                raise SystemExit(f"confgen push --resume ended with {code}: {told[-2000:]}")
        if kills and not lost:
            raise SystemExit("the worker that was killed had nothing under way: nothing was seen of a loss")
        left = size - Confgen(hosts, ["plan"]).end()[1].count(": unchanged: ")
    return Pushed(seconds=taken, twice=twice, lost=lost, left=left)
