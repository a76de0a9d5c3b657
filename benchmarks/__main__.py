"""`make bench`: every comparison in one run, written into docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import platform
from typing import TYPE_CHECKING

from benchmarks.measured import ROOT
from benchmarks.table import written_between

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.table import Table

PAGE = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """Print the tables, and put those that were measured in the place of the page's own."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("parts", nargs="*", help=f"which of {', '.join((*_QUICK, *_ON_LAB))}; those without a lab")
    arguments.add_argument("--hosts", type=_sizes, default=(10, 25, 50), help="how many are made equal: three sizes")
    arguments.add_argument("--extensions", type=_sizes, default=(1000, 10000, 100000), help="how many are validated")
    arguments.add_argument("--pbxs", type=_sizes, default=(10, 100, 1000), help="how many are rendered")
    arguments.add_argument("--endpoints", type=_sizes, default=(100, 500, 1000), help="how many are read back")
    arguments.add_argument("--fleets", type=_sizes, default=(50, 500), help="how many simulated PBXs are gone through")
    arguments.add_argument("--latency", type=float, default=50, help="how far away those are: milliseconds, and back")
    arguments.add_argument("--dead", type=int, default=0, help="how many more in a hundred of those do not answer")
    arguments.add_argument("--runs", type=int, default=3, help="how often each thing is measured")
    arguments.add_argument("--write", action="store_true", help=f"write them into {PAGE.relative_to(ROOT)}")
    given = arguments.parse_args()
    parts = {**_QUICK, **_ON_LAB}
    if unknown := set(given.parts) - set(parts):
        arguments.error(f"no such part: {', '.join(sorted(unknown))}")
    for name in given.parts or _QUICK:
        table = str(parts[name](given))
        print(table, flush=True)
        if given.write:
            page = PAGE.read_text(encoding="utf-8")
            PAGE.write_text(written_between(page, name, f"{table}{_machine()}\n"), encoding="utf-8")


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(word) for word in text.split(",")))


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

    return validate(given.extensions, given.runs)


def _render(given: argparse.Namespace) -> Table:
    from benchmarks.offline import render  # noqa: PLC0415

    return render(given.pbxs, given.runs)


def _many(given: argparse.Namespace) -> Table:
    from benchmarks.many import fleets  # noqa: PLC0415

    return fleets(given.fleets, given.latency, given.dead)


def _cluster(given: argparse.Namespace) -> Table:
    from benchmarks.cluster import workers  # noqa: PLC0415

    return workers(given.fleets, given.latency)


def _proofs(given: argparse.Namespace) -> Table:
    from benchmarks.on_lab import proofs  # noqa: PLC0415

    return proofs(given.runs)


def _states(given: argparse.Namespace) -> Table:
    from benchmarks.on_lab import states  # noqa: PLC0415

    return states(given.endpoints, given.runs)


_QUICK: dict[str, Callable[[argparse.Namespace], Table]] = {
    "start": _start,
    "files": _files,
    "many": _many,
    "render": _render,
    "validate": _validate,
}
_ON_LAB: dict[str, Callable[[argparse.Namespace], Table]] = {"verify": _proofs, "state": _states, "cluster": _cluster}


if __name__ == "__main__":
    main()
