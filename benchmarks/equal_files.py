"""8 files of 5 KB made equal on many SSH hosts: confgen, its peers, and what one would write by hand, side by side.

Each makes a folder of its own on each host. After each run it is seen that all files lie there, and that none was
written again where nothing differed. They take turns, so that what else the machine does meets all of them alike.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bench import Bench
from benchmarks.hosts import SshHosts
from benchmarks.measured import Measured, Runs, measured
from benchmarks.scratch import scratch
from benchmarks.table import Figure, Table, seconds, times, whole
from benchmarks.targets import PLAN_BY_HAND, PUSH_ANSIBLE, PUSH_BY_HAND, PUSH_PYINFRA
from benchmarks.tools import ANSIBLE, BY_HAND, CONFGEN, PYINFRA, TOOLS, Tool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Of = Mapping[tuple[str, int], Runs]  # by tool and number of hosts

_SLOW_RUNS = 1  # of what takes minutes


def compare(sizes: Sequence[int], runs: int) -> Table:
    """The work of every tool at every size."""
    first: dict[tuple[str, int], Runs] = {}
    again: dict[tuple[str, int], Runs] = {}
    for size in sizes:
        with SshHosts(size) as ssh, scratch(Path(tempfile.gettempdir())) as disk:
            bench = Bench(ssh, disk)
            found: dict[str, tuple[list[Measured], list[Measured]]] = {tool.name: ([], []) for tool in TOOLS}
            for number in range(runs):
                for tool in TOOLS:
                    if not tool.is_slow or number < _SLOW_RUNS:
                        _one_round(bench, tool, *found[tool.name], is_largest=size == max(sizes))
            for name, (firsts, agains) in found.items():
                first[name, size] = Runs(tuple(firsts))
                if agains:
                    again[name, size] = Runs(tuple(agains))
    rows: list[tuple[str, ...]] = []
    for words, measurements in (("first push", first), ("nothing to change", again)):
        named = [tool.name for tool in TOOLS if (tool.name, sizes[-1]) in measurements]
        rows += [_row(words, name, sizes, measurements) for name in named]
    return Table(
        title="8 files of 5 KB made equal on SSH hosts",
        head=(
            "",
            *(f"{size} hosts, s" for size in sizes),
            "without start, s",
            "× by hand",
            "start and all",
            "CPU, s",
            "MB",
        ),
        rows=tuple(rows),
        figures=figures(sizes, first, again),
    )


def figures(sizes: Sequence[int], first: Of, again: Of) -> Mapping[str, Figure]:
    """Beside what is written by hand without the start of either; beside the peers with it on both sides."""
    found: dict[str, Figure] = {}
    for size in sizes:
        for name, runs in ((PUSH_BY_HAND, first), (PLAN_BY_HAND, again)):
            own, floor = runs[CONFGEN, size].work, runs[BY_HAND, size].work
            if own is not None and floor:
                found[name.format(size)] = Figure(own / floor)
        for name, peer in ((PUSH_PYINFRA, PYINFRA), (PUSH_ANSIBLE, ANSIBLE)):
            found[name.format(size)] = Figure(first[peer, size].seconds / first[CONFGEN, size].seconds)
    return found


def _one_round(bench: Bench, tool: Tool, first: list[Measured], again: list[Measured], *, is_largest: bool) -> None:
    bench.ssh.empty(tool.folder.partition("/")[0])
    started = measured(tool.start).seconds if tool.start else 0.0
    first.append(_without(tool.first(bench), started))
    before = bench.standing(tool.name, tool.folder)
    print(f"  {len(bench.ssh.hosts)} hosts, {tool.name}: {first[-1].seconds:.2f} s", file=sys.stderr, flush=True)
    if tool.again is not None and (is_largest or not tool.is_slow):
        again.append(_without(tool.again(bench), started))
        if bench.standing(tool.name, tool.folder) != before:
            raise SystemExit(f"{tool.name} wrote again where nothing differed")
        print(f"  … and again: {again[-1].seconds:.2f} s", file=sys.stderr, flush=True)


def _without(run: Measured, started: float) -> Measured:
    return run if run.work is not None else replace(run, work=run.seconds - started)


def _row(words: str, name: str, sizes: Sequence[int], measurements: Of) -> tuple[str, ...]:
    largest, floor = measurements[name, sizes[-1]], measurements.get((BY_HAND, sizes[-1]))
    each = [measurements.get((name, size)) for size in sizes]
    return (
        f"{words}: {name}",
        *(seconds(None if runs is None else runs.seconds) for runs in each),
        seconds(largest.work),
        times(largest.work, None if floor is None else floor.work),
        times(largest.seconds, None if floor is None else floor.seconds),
        seconds(largest.cpu),
        whole(largest.megabytes),
    )
