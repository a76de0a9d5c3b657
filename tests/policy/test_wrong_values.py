"""A value that was found wrong is a finding, and no rule stumbles over it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from confgen.fleet.preparation import load
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
NONSENSE = ["10.0.0.0/33", "00:11", "010.0.0.1", "fe80::1%eth0", "2026-02-30", "5-1", "1-99999", "[5-3]"]


@pytest.mark.parametrize("case", [case for case in REFUSE if "network" in case.stem], ids=lambda case: case.stem)
def test_no_rule_stumbles_over_a_network_that_was_refused(case: Path) -> None:
    assert "REF-15" in {finding.code for finding in load(case).findings}


@pytest.mark.parametrize(
    "nonsense", ["192.0.2.300", *(pytest.param(nonsense, marks=pytest.mark.full) for nonsense in NONSENSE)]
)
def test_no_rule_stumbles_over_nonsense_in_any_setting_that_is_judged_by_itself(nonsense: str, tmp_path: Path) -> None:
    good = GOOD[1]
    path = tmp_path / "inventory.yaml"
    for spot in SPOTS:
        if JUDGED_BY_ITSELF.intersection(map(str, spot[-2:])):
            path.write_text(json.dumps(replaced(good, spot, nonsense)), encoding="utf-8")

            assert load(path).findings
