"""Inventories as cases: for each code one that has a finding of it, and one near it that has none.

`cases/CODE/refuse*` begins with `# CODE LINE:COLUMN` for each finding of that code, and with `: WORDS` behind it where
the message or the mend must say these; `cases/CODE/accept*` has none of it, differs from a refused one in a few lines,
and nothing in it is broken. What other rules find in them is their own affair. A folder is an inventory of several
files; a line `# on DAY` says another day than that of all cases. Cases of loading are in tests/load: `mended/NAME` is
near to `refuse/NAME`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from confgen.fleet import preparation
from confgen.fleet.opening import look_at_secrets, look_nowhere
from confgen.fleet.preparation import Gathered
from confgen.load import Loaded
from confgen.model.finding import Finding
from confgen.policy.judge import judge
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
    "confgen/fleet/opening.py",
    "confgen/fleet/preparation.py",
    "confgen/secrets/*.py",
    "schemas/*.json",
)
_OPENED: Mapping[str, tuple[str, ...]] = {  # what is found by opening what would end or be secret, and who asserts it
    "confgen/policy/certificate.py": ("tests/policy/test_certificate.py",),
    "confgen/fleet/opening.py": ("tests/fleet/test_opening.py",),
    "confgen/fleet/preparation.py": ("tests/fleet/test_preparation.py",),
    "confgen/secrets/*.py": ("tests/secrets/test_*.py",),
}
_NOT_SAID = frozenset({"elsewhere.py"})  # there only weights are given to what is said in other places
_RESOLVED = frozenset({"SEC-10", "SEC-11", "SEC-12", "SEC-13"})  # found only where secrets are resolved
_CODE = re.compile(r'"([A-Z]{2,8}-[0-9]{2})"')
_IN_WORDS = re.compile(r"\b[A-Z]{2,8}-[0-9]{2}\b")
_DAY = re.compile(r"^# on ([0-9]{4}-[0-9]{2}-[0-9]{2})$", re.MULTILINE)
_EXAMPLE = re.compile(r'"examples": \[[^\]]*\]')


def cases(kind: str) -> list[Path]:
    """Those of every code whose name begins so."""
    return sorted(CASES.glob(f"*/{kind}*"))


def name_of(case: Path) -> str:
    """As pytest shows it."""
    return f"{case.parent.name}/{case.stem}"


def gathered(case: Path) -> Gathered:
    """The inventory before its rules are asked, on the day of the cases or on its own."""
    opening = look_at_secrets if case.parent.name in _RESOLVED else look_nowhere
    own = None if case.is_dir() else _DAY.search(case.read_text(encoding="utf-8"))
    return preparation.gather(case, opening, date.fromisoformat(own[1]) if own else TODAY)


def loaded(case: Path) -> Loaded:
    """The inventory with all its findings, as `validate` has them on the day of the cases."""
    read = gathered(case)
    return replace(read.loaded, findings=judged(read))


def judged(read: Gathered) -> tuple[Finding, ...]:
    """What is found in a case that was read."""
    return judge(read.company, read.loaded.findings, unseen=read.unseen)


def is_as_announced(case: Path, findings: Iterable[Finding]) -> bool:
    """Whether these are the findings of the case's code that it announces, and say what it announces of them."""
    told = [(f"{finding.place} {finding.code}", f"{finding.message}; {finding.mend}") for finding in findings]
    of_code = sorted(announcement for announcement, _ in told if announcement.endswith(f" {case.parent.name}"))
    return of_code == announced.expected(case) and all(
        any(announcement == at and words in said for at, said in told) for announcement, words in announced.words(case)
    )


@cache
def printable_codes() -> frozenset[str]:
    """Every code that `validate` can print."""
    return frozenset(code for glob in _SAYS for path in _ROOT.glob(glob) for code in _codes_in(path))


@cache
def opened_codes() -> Mapping[str, frozenset[str]]:
    """Codes that no file of a case could have for long, or without a secret, each with those that its tests assert."""
    found: dict[str, frozenset[str]] = {}
    for source, tests in _OPENED.items():
        asserted = frozenset(code for glob in tests for path in _ROOT.glob(glob) for code in asserted_in(path))
        for code in {code for path in _ROOT.glob(source) for code in _codes_in(path)} - _RESOLVED:
            found[code] = found.get(code, frozenset()) | asserted
    return found


@cache
def refused_codes() -> frozenset[str]:
    """Those that a case has a finding of."""
    of_loading = {code for case in (LOADING / "refuse").iterdir() for code in _announced(case)}
    return frozenset(of_loading | {case.parent.name for case in cases("refuse")})


@cache
def accepted_codes() -> frozenset[str]:
    """Those that a case comes near to, and has no finding of."""
    of_loading = {code for _, refused in mended_and_refused() for code in _announced(refused)}
    return frozenset(of_loading | {case.parent.name for case in cases("accept")})


def mended_and_refused() -> list[tuple[Path, Path]]:
    """The cases of loading that are near to each other."""
    return [(case, LOADING / "refuse" / case.name) for case in sorted((LOADING / "mended").iterdir())]


def likeness(one: Path, other: Path) -> float:
    """How much of two cases is the same, from 0 to 1, comments aside."""
    return SequenceMatcher(None, _lines(one), _lines(other), autojunk=False).ratio()


def _lines(case: Path) -> list[str]:
    files = sorted(path for path in case.rglob("*") if path.is_file()) if case.is_dir() else [case]
    lines = (line for file in files for line in file.read_text(encoding="utf-8", errors="replace").splitlines())
    return [line for line in lines if not line.startswith("#")]


def _announced(case: Path) -> Iterator[str]:
    for announcement in announced.expected(case):
        yield announcement.rpartition(" ")[2]


def asserted_in(path: Path) -> Iterator[str]:
    """Codes that stand in what is asserted, or what a test is given to assert: no comment, and no name of a test."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            asserted = [part for part in ast.walk(node) if isinstance(part, ast.Assert)]
            for part in (*asserted, *(node.decorator_list if asserted else ())):
                constants = (inner.value for inner in ast.walk(part) if isinstance(inner, ast.Constant))
                yield from (code for text in constants if isinstance(text, str) for code in _IN_WORDS.findall(text))


def _codes_in(path: Path) -> set[str]:
    if path.name in _NOT_SAID:
        return set()
    return set(_CODE.findall(_EXAMPLE.sub("", path.read_text(encoding="utf-8"))))
