"""Whole configuration folders, byte for byte; CONFGEN_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from confgen import fleet
from confgen.drivers import DRIVERS
from confgen.model.finding import Severity

GOLDEN = Path(__file__).parent
CASES = sorted(path.parent for path in GOLDEN.glob("*/*/inventory.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.relative_to(GOLDEN)))
def test_an_inventory_gives_its_whole_tree(case: Path) -> None:
    loaded = fleet.load(case / "inventory.yaml")
    assert [finding for finding in loaded.findings if finding.severity is Severity.ERROR] == []
    given = {
        f"{pbx.name}/{key}": text
        for pbx in loaded.inventory.pbxs
        if pbx.kind == case.parent.name
        for key, text in fleet.render_masked(pbx).items()
    }
    expected = case / "expected"
    if os.environ.get("CONFGEN_UPDATE_GOLDEN") == "1":
        _write(expected, given)
    assert given == {
        str(path.relative_to(expected)): path.read_bytes().decode() for path in expected.rglob("*") if path.is_file()
    }


_WHOLE = {"asterisk": 16, "threecx": 3}  # files of a tree at least


def test_there_are_cases_of_every_kind_and_each_holds_whole_trees() -> None:
    assert {case.parent.name for case in CASES} == set(DRIVERS)
    for case in CASES:
        assert sum(path.is_file() for path in (case / "expected").rglob("*")) >= _WHOLE[case.parent.name]


def _write(folder: Path, texts: dict[str, str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
