"""Cases as files: the first lines of an inventory name exactly the findings that it must cause."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from confgen.load import Loaded, Unreadable, load_inventory
from confgen.model.codes import load, reference
from tests import announced
from tests.load.products import KINDS

HERE = Path(__file__).parent
REFUSE, ACCEPT = (sorted((HERE / name).iterdir()) for name in ("refuse", "accept"))
MENDED = sorted((HERE / "mended").iterdir())  # cases of the same names are near to them, and refused


@cache
def load_case(case: Path) -> Loaded:
    return load_inventory(case, kinds=KINDS)


def found(case: Path) -> list[str]:
    return announced.found(case, load_case)


@pytest.mark.parametrize("case", REFUSE, ids=lambda case: case.stem)
def test_what_is_wrong_is_told_with_its_code_and_place_and_nothing_else_is(case: Path) -> None:
    assert announced.expected(case) != []
    assert found(case) == announced.expected(case)


@pytest.mark.parametrize("case", [*ACCEPT, *MENDED], ids=lambda case: case.stem)
def test_what_is_right_has_no_finding(case: Path) -> None:
    assert found(case) == []


@pytest.mark.parametrize("code", [explanation.code for area in (load, reference) for explanation in area.EXPLANATIONS])
def test_every_code_of_loading_has_a_case(code: str) -> None:
    assert any(found.endswith(f" {code}") for case in REFUSE for found in announced.expected(case))


@pytest.mark.parametrize("case", REFUSE, ids=lambda case: case.stem)
def test_every_finding_says_on_one_line_each_what_is_wrong_and_how_to_mend_it(case: Path) -> None:
    try:
        findings = load_case(case).findings
    except Unreadable as unreadable:
        assert re.fullmatch(r"[^\n]+: LOAD-0[12] [^\n;]+; [^\n]+", str(unreadable))  # noqa: PT017
    else:
        for finding in findings:
            assert re.fullmatch(r"[^\n]+", finding.message)
            assert re.fullmatch(r"[^\n]+", finding.mend)
