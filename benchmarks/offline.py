"""What needs no host: starting, validating, rendering, beside what the same costs with bare libraries."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.inventories import inventory
from benchmarks.measured import PEERS, ROOT, Measured, Runs, measured
from benchmarks.table import Figure, Table, seconds, times, whole
from benchmarks.targets import RENDER, VALIDATE, VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_PROGRAMS = ROOT / "benchmarks" / "peers"
_EXTENSIONS = 1000  # of each PBX that is validated
_FEW_EXTENSIONS = 50  # of each PBX that is rendered
_STARTS = 9  # runs, for they are short
_VALIDATE, _CHECKER = "`confgen validate`", "check-jsonschema"
_RENDER, _JINJA = "confgen", "bare Jinja2"


def start() -> Table:
    """What it takes until confgen does anything."""
    python = sys.executable
    confgen = str(Path(python).with_name("confgen"))  # the program as it is installed
    programs = {
        "python -c pass": [python, "-c", "pass"],
        "confgen --version": [confgen, "--version"],
        "confgen --help": [confgen, "--help"],
        "python -c 'import paramiko'": [python, "-c", "import paramiko"],
        "what push and plan import": [python, "-c", "from confgen.fleet import plan, push"],
    }
    found = {name: Runs(tuple(measured(argv) for _ in range(_STARTS))) for name, argv in programs.items()}
    used = found["confgen --version"].cpu
    return Table(
        title="Start-up",
        head=("", "CPU, s", "s", "MB"),
        rows=tuple(
            (f"`{name}`" if " -" in name else name, seconds(runs.cpu), seconds(runs.seconds), whole(runs.megabytes))
            for name, runs in found.items()
        ),
        figures={} if used is None else {VERSION: Figure(used)},
    )


def validate(sizes: Sequence[int], runs: int, patience: float) -> Table:
    """An inventory of so many extensions; the peers look at its form alone, confgen at all that it says besides.

    check-jsonschema is given up after `patience` seconds.
    """
    schema = ["--schemafile", str(ROOT / "schemas" / "inventory.schema.json")]
    with_c = [str(PEERS / "python"), str(_PROGRAMS / "by_check_jsonschema.py"), *schema]
    programs: dict[str, Callable[[Path], Sequence[str]]] = {
        _VALIDATE: lambda path: [sys.executable, "-m", "confgen", "validate", str(path)],
        _CHECKER: lambda path: [str(PEERS / "check-jsonschema"), *schema, str(path)],
        f"{_CHECKER}, with the C loader": lambda path: [*with_c, str(path)],
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
                    is_checker = name.startswith(_CHECKER)
                    if number == 0 or not is_checker:
                        run = measured(argv(path), limit=patience if is_checker else None)
                        found.setdefault((name, size), []).append(run)
                        print(f"  {size} extensions, {name}: {run.seconds:.1f} s", file=sys.stderr, flush=True)
                if f" {size} extensions" not in found[_VALIDATE, size][-1].said:
                    raise SystemExit(f"confgen did not see {size} extensions: {found[_VALIDATE, size][-1].said}")
    each = {key: Runs(tuple(runs)) for key, runs in found.items()}
    return _growth("Validate", "extensions", sizes, each, validate_figures(sizes, each))


def validate_figures(sizes: Sequence[int], found: Mapping[tuple[str, int], Runs]) -> Mapping[str, Figure]:
    """Beside check-jsonschema as its users run it."""
    return {
        VALIDATE.format(size): Figure(
            found[_CHECKER, size].seconds / found[_VALIDATE, size].seconds,
            is_at_least=not found[_CHECKER, size].are_over,
        )
        for size in sizes
    }


def render(sizes: Sequence[int], runs: int) -> Table:
    """All files of so many PBXs; the data is made before, and both sides write the same templates with it."""
    found: dict[tuple[str, int], list[Measured]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.yaml"
            path.write_text(inventory(size, _FEW_EXTENSIONS), encoding="utf-8")
            for _ in range(runs):
                lines = set()
                for name in (_RENDER, _JINJA):
                    run = measured([sys.executable, "-m", "benchmarks.rendering", name, str(path)])
                    told = json.loads(run.said)
                    one = Measured(seconds=told["seconds"], cpu=told["cpu"], megabytes=run.megabytes, said="")
                    found.setdefault((name, size), []).append(one)
                    lines.add(told["lines"])
                if len(lines) != 1:
                    raise SystemExit(f"confgen and bare Jinja2 did not write the same: {lines} lines")
    each = {key: Runs(tuple(runs)) for key, runs in found.items()}
    return _growth(f"Render PBXs of {_FEW_EXTENSIONS} extensions", "PBXs", sizes, each, render_figures(sizes, each))


def render_figures(sizes: Sequence[int], found: Mapping[tuple[str, int], Runs]) -> Mapping[str, Figure]:
    """Beside bare Jinja2, the same data at hand."""
    return {RENDER.format(size): Figure(found[_RENDER, size].seconds / found[_JINJA, size].seconds) for size in sizes}


def _growth(
    title: str,
    what: str,
    sizes: Sequence[int],
    found: Mapping[tuple[str, int], Runs],
    figures: Mapping[str, Figure],
) -> Table:
    """A row for each program; ratios are to the first one's time at the largest size."""
    names = list(dict.fromkeys(name for name, _ in found))
    own = found[names[0], sizes[-1]]
    rows = []
    for name in names:
        largest = found[name, sizes[-1]]
        over = "" if largest.are_over else "over "
        each = (
            f"{'' if runs.are_over else 'over '}{seconds(runs.seconds)}"
            for runs in (found[name, size] for size in sizes)
        )
        ratio = f"{over}{times(largest.seconds, own.seconds)}"
        rows.append((name, *each, ratio, seconds(largest.cpu), whole(largest.megabytes)))
    head = ("", *(f"{size:,} {what}, s" for size in sizes), "× confgen", "CPU, s", "MB")
    return Table(title=title, head=head, rows=tuple(rows), figures=figures)
