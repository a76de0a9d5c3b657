"""Inventories as cases: for each code one that has a finding of it, and one near it that has none.

`cases/CODE/refuse*` begins with `# CODE LINE:COLUMN` for each finding of that code; `cases/CODE/accept*` has none of
it, differs from a refused one in a few lines, and nothing in it is broken. What other rules find in them is their own
affair. A folder is an inventory of several files. Cases of loading are in tests/load: `mended/NAME` is near to
`refuse/NAME`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

from confgen.fleet import preparation
from confgen.load import Loaded
from tests import announced

CASES = Path(__file__).parent / "cases"
LOADING = Path(__file__).parents[1] / "load"
TODAY = date(2026, 6, 1)
_ROOT = Path(__file__).parents[2]
_SAYS = (  # where what `validate` prints is written
    "confgen/load/**/*.py",
    "confgen/paths/**/*.py",
    "confgen/policy/**/*.py",
    "confgen/drivers/*/*findings.py",
    "schemas/*.json",
)
_NOT_SAID = frozenset({"certificate.py", "elsewhere.py"})  # needs secrets; weighs what is said in other places
_CODE = re.compile(r'"([A-Z]{2,8}-[0-9]{2})"')
_EXAMPLE = re.compile(r'"examples": \[[^\]]*\]')


def cases(kind: str) -> list[Path]:
    """Those of every code whose name begins so."""
    return sorted(CASES.glob(f"*/{kind}*"))


def name_of(case: Path) -> str:
    """As pytest shows it."""
    return f"{case.parent.name}/{case.stem}"


def loaded(case: Path) -> Loaded:
    """The inventory with all its findings, as `validate` has them on the day of the cases."""
    return preparation.load(case, today=TODAY)


def told(case: Path) -> list[str]:
    """What is found that has the code of the case."""
    return [finding for finding in announced.found(case, loaded) if finding.endswith(f" {case.parent.name}")]


def printable_codes() -> set[str]:
    """Every code that `validate` can print."""
    return {code for glob in _SAYS for path in _ROOT.glob(glob) for code in _codes_in(path)}


def refused_codes() -> set[str]:
    """Those that a case has a finding of."""
    of_loading = {code for case in (LOADING / "refuse").iterdir() for code in _announced(case)}
    return of_loading | {case.parent.name for case in cases("refuse")}


def accepted_codes() -> set[str]:
    """Those that a case comes near to, and has no finding of."""
    of_loading = {
        code for case in (LOADING / "mended").iterdir() for code in _announced(LOADING / "refuse" / case.name)
    }
    return of_loading | {case.parent.name for case in cases("accept")}


def mended_and_refused() -> list[tuple[Path, Path]]:
    """The cases of loading that are near to each other."""
    return [(case, LOADING / "refuse" / case.name) for case in sorted((LOADING / "mended").iterdir())]


def likeness(one: Path, other: Path) -> float:
    """How much of two cases is the same, from 0 to 1, comments aside."""
    return SequenceMatcher(None, _lines(one), _lines(other), autojunk=False).ratio()


def _lines(case: Path) -> list[str]:
    files = sorted(path for path in case.rglob("*") if path.is_file()) if case.is_dir() else [case]
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if not line.startswith("#")]


def _announced(case: Path) -> Iterator[str]:
    for announcement in announced.expected(case):
        yield announcement.rpartition(" ")[2]


def _codes_in(path: Path) -> set[str]:
    if path.name in _NOT_SAID:
        return set()
    return set(_CODE.findall(_EXAMPLE.sub("", path.read_text(encoding="utf-8"))))
