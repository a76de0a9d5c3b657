"""`confgen init`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from confgen import fleet
from confgen.cli import main
from confgen.model.dialling import Emergency
from confgen.model.finding import Severity
from tests.cli.conftest import Run


def test_the_starter_is_an_inventory_with_nothing_wrong(run: Run, tmp_path: Path) -> None:
    run("init", f"{tmp_path}/inventory.yaml")

    loaded = fleet.load(tmp_path / "inventory.yaml")

    assert [finding for finding in loaded.findings if finding.severity is not Severity.NOTE] == []
    assert [pbx.name for pbx in loaded.inventory.pbxs] == ["headquarters"]
    assert loaded.inventory.pbxs[0].probe is not None
    assert len(loaded.inventory.pbxs[0].extensions) == 12
    assert isinstance(loaded.inventory.pbxs[0].emergency, Emergency)
    assert [trunk.provider.name for trunk in loaded.inventory.pbxs[0].provider_trunks] == ["carrier"]


def test_what_the_starter_leaves_out_is_right_as_it_stands_there(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    run("init", str(path))
    left_out = re.compile(r"^( +)# (ring_groups|blocked): ", re.MULTILINE)
    text, count = left_out.subn(r"\1\2: ", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")

    findings = fleet.load(path).findings

    assert count == 2
    assert [finding for finding in findings if finding.severity is not Severity.NOTE] == []


def test_the_starter_is_short_and_its_lines_fit() -> None:
    lines = Path(main.commands["init"].callback.__code__.co_filename).with_name("starter.yaml").read_text().splitlines()  # type: ignore[union-attr]

    assert 20 <= len(lines) <= 45
    assert max(map(len, lines)) <= 120


def test_init_tells_the_next_two_commands(run: Run, tmp_path: Path) -> None:
    answer = run("init", str(tmp_path))

    assert answer.stdout.splitlines()[-2:] == [
        f"  confgen validate {tmp_path}/inventory.yaml",
        f"  confgen plan {tmp_path}/inventory.yaml",
    ]


def test_what_is_there_is_never_overwritten(run: Run, tmp_path: Path) -> None:
    (tmp_path / "inventory.yaml").write_text("mine")

    answers = [run("init", str(tmp_path)), run("init", f"{tmp_path}/inventory.yaml")]

    assert [answer.exit_code for answer in answers] == [2, 2]
    assert (tmp_path / "inventory.yaml").read_text() == "mine"


@pytest.mark.parametrize("path", ["nosuch/inventory.yaml", "file/inventory.yaml"])
def test_a_place_that_cannot_be_written_is_told_in_a_line(path: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    answer = run("init", f"{tmp_path}/{path}")

    assert answer.exit_code == 2
    assert "Error: " in answer.stderr
    assert "cannot be written" in answer.stderr
