"""The shipped inventory through the real program, as far as no PBX is needed."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from confgen.cli import main

INVENTORY = Path(__file__).resolve().parents[2] / "inventory.yaml"


def test_the_shipped_inventory_has_no_errors_and_its_old_asterisk_and_its_3cx_are_told_of() -> None:
    answer = CliRunner().invoke(main, ["validate", str(INVENTORY)])

    assert answer.exit_code == 0, answer.output
    assert "VER-03 warning:" in answer.stdout
    assert "TCX-09 note: the phones of `shop`" in answer.stdout
    assert "TCX-15 note: confgen secures users of a 3CX and makes none" in answer.stdout
    assert answer.stdout.splitlines()[-1] == (
        f"{INVENTORY}: 4 PBXs, 19 extensions, 5 trunks: 1 warning, 6 notes in 1 file, "
        "and 3 remarks on what was not checked"
    )


def test_the_shipped_inventory_renders_to_the_same_bytes_each_time(tmp_path: Path) -> None:
    words = ["render", str(INVENTORY), "--out"]
    first = CliRunner().invoke(main, [*words, f"{tmp_path}/first"])
    second = CliRunner().invoke(main, [*words, f"{tmp_path}/second"])

    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    trees = [
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "first", tmp_path / "second")
    ]
    assert {path.parts[0] for path in trees[0]} == {"headquarters", "branch", "warehouse", "shop"}
    assert trees[0] == trees[1]
