"""What the README shows is what confgen does."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import yaml
from click.testing import CliRunner

from confgen import fleet
from confgen.cli import main
from confgen.fleet import preparation
from confgen.model.codes import EXPLANATIONS
from confgen.model.finding import Severity
from confgen.model.result import EXIT_CODES
from tests.live.fault_table import table
from tests.live.faults import FAULTS

_CHECKOUT = Path(__file__).parents[2]
_README = (_CHECKOUT / "README.md").read_text(encoding="utf-8")
_FIRST_INVENTORY, _TRUNK, _POLICY, *_ = re.findall(r"```yaml\n(.*?)```", _README, re.DOTALL)


def test_the_first_inventory_is_right_and_about_twenty_lines_long(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(_FIRST_INVENTORY, encoding="utf-8")

    loaded = fleet.load(path)

    assert [finding for finding in loaded.findings if finding.severity is not Severity.NOTE] == []
    assert len(loaded.inventory.pbxs[0].extensions) == 11
    assert len(_FIRST_INVENTORY.splitlines()) <= 22


def test_the_trunk_fits_into_the_shipped_inventorys_shape() -> None:
    shipped = yaml.safe_load((_CHECKOUT / "inventory.yaml").read_text(encoding="utf-8"))
    shown = yaml.safe_load(_TRUNK)["trunks"]

    assert shown.keys() <= shipped["trunks"].keys()
    for name, trunk in shown.items():
        assert trunk.keys() == shipped["trunks"][name].keys()


def test_the_shipped_inventory_has_no_error() -> None:
    findings = fleet.load(_CHECKOUT / "inventory.yaml").findings

    assert [finding for finding in findings if finding.severity is Severity.ERROR] == []


def test_the_policy_fits_the_shipped_inventory_and_its_waiver_covers_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text((_CHECKOUT / "inventory.yaml").read_text(encoding="utf-8") + _POLICY, encoding="utf-8")

    findings = preparation.load(path, today=date(2026, 12, 1)).findings

    assert [finding.code for finding in findings if finding.waiver] == ["PATH-05"]
    assert [finding.code for finding in findings if finding.severity is Severity.ERROR] == ["VER-03"]


def test_the_path_in_clear_is_told_as_it_is_shown(tmp_path: Path) -> None:
    (shown,) = re.findall(r"\$ confgen validate\n(inventory.yaml.*?)```", _README, re.DOTALL)
    line = shown.splitlines()[1].partition("| ")[2]
    path = tmp_path / "inventory.yaml"
    route = '    routes: [{numbers: "0X.", channel: isdn, strip: 1, prepend: "+49"}]'
    path.write_text(_FIRST_INVENTORY.replace("    emergency:", f"{line}\n{route}\n    emergency:"), encoding="utf-8")

    told = CliRunner().invoke(main, ["validate", str(path)])

    assert shown.replace("inventory.yaml", str(path), 1) in told.stdout


def test_every_exit_code_is_in_the_table() -> None:
    table = _README.split("## Exit codes")[1].split("## ")[0]
    shown = {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}

    assert shown == {*EXIT_CODES.values(), 2}


def test_every_target_of_make_that_is_named_exists() -> None:
    makefile = (_CHECKOUT / "Makefile").read_text(encoding="utf-8")

    for target in re.findall(r"`?make ([a-z0-9-]+)", _README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_table_of_seeded_faults_is_the_one_that_is_tested() -> None:
    assert table() in _README, "`python -m tests.live.fault_table` prints what the README must show"


def test_every_fault_has_a_name_of_its_own_and_codes_that_are_explained() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 30
    for fault in FAULTS:
        assert fault.codes
        assert fault.codes <= EXPLANATIONS.keys()
