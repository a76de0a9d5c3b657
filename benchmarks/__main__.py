"""`make bench`: every comparison in one run, held against what was promised, and written into the documentation."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import time
from typing import TYPE_CHECKING, NoReturn

from benchmarks.measured import ROOT
from benchmarks.table import written_between
from benchmarks.targets import judged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.table import Figure, Table

PAGE, README = ROOT / "docs" / "benchmarks.md", ROOT / "README.md"  # which shows what was promised


def main() -> None:
    """Print the tables; with --write, put those that were measured in the place of the page's own, all at the end."""
    for ended in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ended, _end)
    given = _given()
    figures: dict[str, Figure] = {}
    tables: dict[str, Table] = {}
    for name in given.parts:
        started = time.monotonic()
        tables[name] = table = _PARTS[name](given)
        figures.update(table.figures)
        print(table, flush=True)
        print(f"{name}: {time.monotonic() - started:.0f} s in all", file=sys.stderr, flush=True)
    tables["targets"] = judged(figures)
    print(tables["targets"], flush=True)
    if given.write:
        for name, table in tables.items():
            if name != "targets":
                _write(PAGE, name, table)
            elif set(given.parts) >= set(_DEFAULT):
                _write(README, name, table)


def _write(page: Path, name: str, table: Table) -> None:
    page.write_text(
        written_between(page.read_text(encoding="utf-8"), name, f"{table}\n{_machine()}\n"), encoding="utf-8"
    )


def _given() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument(
        "parts", nargs="*", help=f"which of {', '.join(_PARTS)}, or `all` but verify and state, which need the lab; "
        f"when none is named: {', '.join(_DEFAULT)}"
    )  # fmt: skip
    arguments.add_argument("--hosts", type=_sizes, default=(10, 25, 50), help="how many are made equal: three sizes")
    arguments.add_argument("--extensions", type=_sizes, default=(1000, 10000, 100000), help="how many are validated")
    arguments.add_argument("--patience", type=float, default=300, help="seconds until check-jsonschema is given up")
    arguments.add_argument("--pbxs", type=_sizes, default=(10, 100, 1000), help="how many are rendered")
    arguments.add_argument("--endpoints", type=_sizes, default=(100, 500, 1000), help="how many are read back")
    arguments.add_argument("--fleets", type=_sizes, default=(50, 500, 5000), help="how many simulated PBXs are planned")
    arguments.add_argument(
        "--pushed", type=_sizes, default=(50, 500), help="which of these fleets are pushed to as well"
    )
    arguments.add_argument("--latency", type=float, default=50, help="how far away those are: milliseconds, and back")
    arguments.add_argument("--dead", type=int, default=0, help="how many more in a hundred of those do not answer")
    arguments.add_argument("--by-workers", type=_sizes, default=(500, 1000, 2000), help="how many workers push to")
    arguments.add_argument("--far", type=float, default=100, help="how far away those are: likewise")
    arguments.add_argument("--runs", type=int, default=3, help="how often each thing is measured")
    arguments.add_argument(
        "--write",
        action="store_true",
        help=f"write the tables into {PAGE.relative_to(ROOT)}, and what was promised into {README.name}",
    )
    given = arguments.parse_args()
    if given.parts == ["all"]:
        given.parts = [*_DEFAULT, "cluster"]
    given.parts = given.parts or list(_DEFAULT)
    if unknown := set(given.parts) - set(_PARTS):
        arguments.error(f"no such part: {', '.join(sorted(unknown))}")
    return given


def _end(number: int, _frame: object) -> NoReturn:
    """As Ctrl-C does it: what runs is killed, and what was made is removed."""
    raise SystemExit(128 + number)


def _sizes(text: str) -> tuple[int, ...]:
    sizes = tuple(sorted({int(word) for word in text.split(",")}))
    if sizes[0] < 1:
        raise ValueError(text)
    return sizes


def _machine() -> str:
    return f"On {len(os.sched_getaffinity(0))} cores of one machine, Python {platform.python_version()}.\n"


def _files(given: argparse.Namespace) -> Table:
    from benchmarks.equal_files import compare  # noqa: PLC0415 -- each part needs programs of its own

    return compare(given.hosts, given.runs)


def _start(_given: argparse.Namespace) -> Table:
    from benchmarks.offline import start  # noqa: PLC0415

    return start()


def _validate(given: argparse.Namespace) -> Table:
    from benchmarks.offline import validate  # noqa: PLC0415

    return validate(given.extensions, given.runs, given.patience)


def _render(given: argparse.Namespace) -> Table:
    from benchmarks.offline import render  # noqa: PLC0415

    return render(given.pbxs, given.runs)


def _many(given: argparse.Namespace) -> Table:
    from benchmarks.many import fleets  # noqa: PLC0415

    return fleets(given.fleets, given.pushed, given.latency, given.dead)


def _cluster(given: argparse.Namespace) -> Table:
    from benchmarks.cluster import workers  # noqa: PLC0415

    return workers(given.by_workers, given.far)


def _proofs(given: argparse.Namespace) -> Table:
    from benchmarks.on_lab import proofs  # noqa: PLC0415

    return proofs(given.runs)


def _states(given: argparse.Namespace) -> Table:
    from benchmarks.on_lab import states  # noqa: PLC0415

    return states(given.endpoints, given.runs)


_PARTS: dict[str, Callable[[argparse.Namespace], Table]] = {
    "start": _start,
    "files": _files,
    "many": _many,
    "render": _render,
    "validate": _validate,
    "cluster": _cluster,
    "verify": _proofs,
    "state": _states,
}
_DEFAULT = ("start", "files", "many", "render", "validate")


if __name__ == "__main__":
    main()
