"""Cases as files: the first lines of an inventory name exactly the findings that it must cause."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from confgen.load import Unreadable, load_inventory
from confgen.model.codes import load, reference
from tests.load.products import KINDS

HERE = Path(__file__).parent
REFUSE, ACCEPT = (sorted((HERE / name).iterdir()) for name in ("refuse", "accept"))
EXPECTATION = re.compile(r"# (?P<code>[A-Z]+-[0-9]{2})(?: (?:(?P<other>[^ :]+):)?(?P<place>[0-9]+:[0-9]+))?")


def expected(case: Path) -> list[str]:
    """`FILE[:LINE:COLUMN] CODE` of each finding that the opening comments announce, also in another file."""
    announced = []
    for file in sorted(case.glob("*.y*ml")) if case.is_dir() else (case,):
        for line in file.read_text(encoding="utf-8").splitlines():
            announcement = EXPECTATION.fullmatch(line)
            if announcement is None:
                break
            its_file = file.parent / announcement["other"] if announcement["other"] else file
            place = f"{its_file}:{announcement['place']}" if announcement["place"] else str(its_file)
            announced.append(f"{place} {announcement['code']}")
    return sorted(announced)


def found(case: Path) -> list[str]:
    try:
        loaded = load_inventory(case, kinds=KINDS)
    except Unreadable as unreadable:
        place, _, wrong = str(unreadable).partition(": ")
        return [f"{place} {wrong.partition(' ')[0]}"]
    return sorted(f"{finding.place} {finding.code}" for finding in loaded.findings)


@pytest.mark.parametrize("case", REFUSE, ids=lambda case: case.stem)
def test_what_is_wrong_is_told_with_its_code_and_place_and_nothing_else_is(case: Path) -> None:
    assert expected(case) != []
    assert found(case) == expected(case)


@pytest.mark.parametrize("case", ACCEPT, ids=lambda case: case.stem)
def test_what_is_right_has_no_finding(case: Path) -> None:
    assert found(case) == []


@pytest.mark.parametrize("code", [explanation.code for area in (load, reference) for explanation in area.EXPLANATIONS])
def test_every_code_of_loading_has_a_case(code: str) -> None:
    assert any(announced.endswith(f" {code}") for case in REFUSE for announced in expected(case))


@pytest.mark.parametrize("case", REFUSE, ids=lambda case: case.stem)
def test_every_finding_says_on_one_line_each_what_is_wrong_and_how_to_mend_it(case: Path) -> None:
    try:
        findings = load_inventory(case, kinds=KINDS).findings
    except Unreadable as unreadable:
        assert re.fullmatch(r"[^\n]+: LOAD-0[12] [^\n;]+; [^\n]+", str(unreadable))  # noqa: PT017
    else:
        for finding in findings:
            assert re.fullmatch(r"[^\n]+", finding.message)
            assert re.fullmatch(r"[^\n]+", finding.mend)
