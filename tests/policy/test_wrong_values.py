"""A value that was found wrong is a finding, and no rule stumbles over it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from confgen.fleet.preparation import load
from tests import announced, quick
from tests.load.test_cases import REFUSE
from tests.load.test_robustness import GOOD, SPOTS, replaced

JUDGED_BY_ITSELF = {
    "address",
    "addresses",
    "bind",
    "blocked",
    "domain",
    "external_address",
    "local_networks",
    "numbers",
    "permit",
    "ports",
    "until",
}


@pytest.mark.parametrize(
    "case",
    [case for case in REFUSE if any(found.endswith("REF-15") for found in announced.expected(case))],
    ids=lambda case: case.stem,
)
def test_no_rule_stumbles_over_a_network_that_was_refused(case: Path) -> None:
    assert "REF-15" in {finding.code for finding in load(case).findings}


@pytest.mark.parametrize("part", quick.each(6, range(6)))
def test_no_rule_stumbles_over_nonsense_in_any_setting_that_is_judged_by_itself(part: int, tmp_path: Path) -> None:
    good = GOOD[1]
    path = tmp_path / "inventory.yaml"
    for spot in SPOTS[part::6]:
        if JUDGED_BY_ITSELF.intersection(map(str, spot[-2:])):
            path.write_text(json.dumps(replaced(good, spot, "192.0.2.300")), encoding="utf-8")

            assert load(path).findings
