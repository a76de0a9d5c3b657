"""A clean company of five PBXs has no finding; one leg that is not encrypted is named, whatever leads to it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from confgen.fleet import preparation
from confgen.model.finding import Finding, Severity
from tests import quick
from tests.paths.seeds import COMPANY, SEEDS, Seed

TODAY = date(2026, 6, 1)
_OF_PATHS = ("PATH-", "DIAL-14")


def found(path: Path) -> tuple[Finding, ...]:
    return preparation.load(path, today=TODAY).findings


def test_the_clean_company_has_no_finding_but_what_no_one_can_know_or_make_on_a_3cx() -> None:
    told = found(COMPANY)

    assert {finding.severity for finding in told} == {Severity.NOTE}
    assert sorted((finding.code, finding.pbx) for finding in told) == [
        ("DIAL-11", "shop"),
        ("PATH-03", "shop"),
        ("TCX-09", "shop"),
        ("TCX-15", "shop"),
    ]


@pytest.mark.parametrize("seed", quick.each(4, SEEDS), ids=lambda seed: seed.name)
def test_a_leg_that_is_not_encrypted_is_named_with_its_path_its_line_and_its_mend(seed: Seed, tmp_path: Path) -> None:
    inventory = tmp_path / "company.yaml"
    inventory.write_text(seed.text, encoding="utf-8")

    clean = Counter((finding.code, finding.pbx, finding.subject) for finding in found(COMPANY))
    new = [
        finding
        for finding in found(inventory)
        if finding.code.startswith(_OF_PATHS) and (finding.code, finding.pbx, finding.subject) not in clean
    ]

    assert [finding.code for finding in new if finding.code == seed.code] == [seed.code]
    (told,) = (finding for finding in new if finding.code == seed.code)
    assert told.place is not None
    assert told.place.line == seed.line
    for piece in seed.path:
        assert piece in told.message
    assert seed.mend in told.mend


def test_a_leg_that_stands_in_an_included_file_is_named_there(tmp_path: Path) -> None:
    carrier = "  carrier: {domain: sip.carrier.example.test, beyond: {signalling: clear, media: clear}}\n"
    text = COMPANY.read_text(encoding="utf-8").replace("version: 1\n", "version: 1\ninclude: [providers.yml]\n", 1)
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("  carrier: {domain")]
    (tmp_path / "company.yaml").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "providers.yml").write_text(f"providers:\n{carrier}", encoding="utf-8")

    told = [finding for finding in found(tmp_path / "company.yaml") if finding.code == "PATH-05"]

    assert [(str(finding.place), finding.pbx) for finding in told] == [
        (f"{tmp_path / 'providers.yml'}:2:3", "headquarters")
    ]


def test_a_leg_of_emergency_calls_alone_is_told_once(tmp_path: Path) -> None:
    (seed,) = (seed for seed in SEEDS if seed.code == "DIAL-14")
    inventory = tmp_path / "company.yaml"
    inventory.write_text(seed.text, encoding="utf-8")

    told = [finding for finding in found(inventory) if "isdn" in finding.message and finding.pbx == "works"]

    assert [finding.code for finding in told if finding.code.startswith(_OF_PATHS)] == ["DIAL-14"]
