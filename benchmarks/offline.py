"""What needs no host: starting, validating, rendering, beside what the same costs with bare libraries."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.inventories import inventory
from benchmarks.measured import PEERS, ROOT, Measured, Runs, measured
from benchmarks.table import Table, seconds, times

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PROGRAMS = ROOT / "benchmarks" / "peers"
_EXTENSIONS = 1000  # of each PBX that is validated
_FEW_EXTENSIONS = 50  # of each PBX that is rendered
_STARTS = 9  # runs, for they are short


def start() -> Table:
    """What it takes until confgen does anything."""
    python = sys.executable
    programs = {
        "python -c pass": [python, "-c", "pass"],
        "confgen --version": [python, "-m", "confgen", "--version"],
        "confgen --help": [python, "-m", "confgen", "--help"],
        "python -c 'import paramiko'": [python, "-c", "import paramiko"],
        "what push and plan import": [python, "-c", "from confgen import fleet"],
    }
    rows = []
    for name, argv in programs.items():
        runs = Runs(tuple(measured(argv) for _ in range(_STARTS)))
        rows.append((f"`{name}`" if " -" in name else name, f"{runs.cpu:.2f}", f"{runs.seconds:.2f}", _megabytes(runs)))
    return Table(title="Start-up", head=("", "CPU, s", "s", "MB"), rows=tuple(rows))


def validate(sizes: Sequence[int], runs: int) -> Table:
    """An inventory of so many extensions; the peers look at its form alone, confgen at all that it says besides."""
    schema = str(ROOT / "schemas" / "inventory.schema.json")
    checker = [str(PEERS / "python"), str(_PROGRAMS / "by_check_jsonschema.py"), "--schemafile", schema]
    programs: dict[str, Callable[[Path], Sequence[str]]] = {
        "`confgen validate`": lambda path: [sys.executable, "-m", "confgen", "validate", str(path)],
        "check-jsonschema, with the C loader": lambda path: [*checker, str(path)],
        "the C loader alone (`CSafeLoader`)": lambda path: [
            str(PEERS / "python"), str(_PROGRAMS / "by_csafeloader.py"), str(path)
        ],
    }  # fmt: skip
    found: dict[tuple[str, int], list[Measured]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.yaml"
            path.write_text(inventory(max(1, size // _EXTENSIONS), min(size, _EXTENSIONS)), encoding="utf-8")
            for number in range(runs):
                for name, argv in programs.items():
                    if number == 0 or not name.startswith("check"):
                        found.setdefault((name, size), []).append(measured(argv(path)))
                        print(f"  {size} extensions, {name}: {found[name, size][-1].seconds:.1f} s", file=sys.stderr)
    return _growth("Validate", "extensions", sizes, {key: Runs(tuple(each)) for key, each in found.items()})


def render(sizes: Sequence[int], runs: int) -> Table:
    """All files of so many PBXs; the data is made before, and both sides write the same templates with it."""
    found: dict[tuple[str, int], list[Measured]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.yaml"
            path.write_text(inventory(size, _FEW_EXTENSIONS), encoding="utf-8")
            for _ in range(runs):
                for name, word in (("confgen", "confgen"), ("bare Jinja2", "jinja2")):
                    run = measured([sys.executable, "-m", "benchmarks.rendering", word, str(path)])
                    told = json.loads(run.said)
                    one = Measured(seconds=told["seconds"], cpu=told["cpu"], megabytes=run.megabytes, said="")
                    found.setdefault((name, size), []).append(one)
    return _growth(
        f"Render PBXs of {_FEW_EXTENSIONS} extensions", "PBXs", sizes,
        {key: Runs(tuple(each)) for key, each in found.items()},
    )  # fmt: skip


def _growth(title: str, what: str, sizes: Sequence[int], found: dict[tuple[str, int], Runs]) -> Table:
    """A row for each program; ratios are to the first one's time at the largest size."""
    names = list(dict.fromkeys(name for name, _ in found))
    own = found[names[0], sizes[-1]]
    rows = []
    for name in names:
        largest = found[name, sizes[-1]]
        each = (seconds(found[name, size].seconds) for size in sizes)
        rows.append((name, *each, times(largest.seconds, own.seconds), seconds(largest.cpu), _megabytes(largest)))
    head = ("", *(f"{size:,} {what}, s" for size in sizes), "× confgen", "CPU, s", "MB")
    return Table(title=title, head=head, rows=tuple(rows))


def _megabytes(runs: Runs) -> str:
    return f"{runs.megabytes:.0f}"
