"""An inventory reads its own folder or git repository, whatever paths and links say, and nothing else."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from confgen.load import Loaded, Unreadable, globs, load_inventory
from confgen.load.reach import OutOfReach, Reach
from tests.load.products import KINDS

LEAST = (Path(__file__).parent / "accept" / "the-least.yaml").read_text(encoding="utf-8")
SECRET = "hunter2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of an inventory, beside which lie files of others."""
    for name in ("others.yaml", "others.csv", "others/private.yaml", "inventory/shared/own.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"version: 1\nx-{SECRET}: {SECRET}\n", encoding="utf-8")
    return tmp_path / "inventory"


def loaded(folder: Path, *included: str, table: str | None = None) -> Loaded:
    (folder / "inventory.yaml").write_text(
        (f"include: {list(included)}\n" if included else "")
        + LEAST
        + (f"    extensions_from: {{csv: {table}}}\n" if table else ""),
        encoding="utf-8",
    )
    return load_inventory(folder / "inventory.yaml", kinds=KINDS)


def codes(answer: Loaded) -> list[str]:
    assert SECRET not in "".join(finding.message + finding.mend for finding in answer.findings)
    return [finding.code for finding in answer.findings]


@pytest.mark.parametrize(
    "path",
    [
        "../others.yaml",
        "../others/*.yaml",
        "../*/private.yaml",
        "shared/../../others.yaml",
        "not-there/../../others.yaml",
        "../not-there.yaml",
        "link.yaml",
        "l*.yaml",
        "shared/link/private.yaml",
        "shared/*/private.yaml",
        "shared/link/*.yaml",
        "to-nothing-outside.yaml",
        "to-nothing*.yaml",
        "another-kind.yaml",
        ".git/own.yaml",
        ".g*/own.yaml",
    ],
)
def test_what_lies_elsewhere_is_not_included_be_it_there_or_not(path: str, folder: Path) -> None:
    (folder / "link.yaml").symlink_to("../others.yaml")
    (folder / "shared" / "link").symlink_to("../../others")
    (folder / "to-nothing-outside.yaml").symlink_to("../nothing.yaml")
    (folder / ".env").write_text(f"{SECRET}: {SECRET}", encoding="utf-8")
    (folder / "another-kind.yaml").symlink_to(".env")
    (folder / ".git").mkdir()
    (folder / ".git" / "own.yaml").touch()

    assert codes(loaded(folder, path)) == ["LOAD-20"]


@pytest.mark.parametrize("pattern", ["*/*.yaml", "*/own.yaml", "*/o*.yaml"])
@pytest.mark.parametrize("target", ["../others.yaml", "../nothing.yaml", "../others"])
def test_a_file_elsewhere_that_no_pattern_fits_is_not_looked_through(target: str, pattern: str, folder: Path) -> None:
    (folder / "link.yaml").symlink_to(target)

    assert codes(loaded(folder, pattern)) == []


def test_a_folder_within_is_looked_through_whatever_its_name_is(folder: Path) -> None:
    (folder / "hq.yaml").mkdir()
    (folder / "hq.yaml" / "broken.yaml").write_text("unheard-of: 1\n", encoding="utf-8")

    assert codes(loaded(folder, "*/b*.yaml")) == ["LOAD-10"]


@pytest.mark.parametrize("table", ["../others.csv", "link.csv", "another-kind.csv"])
def test_a_table_that_lies_elsewhere_is_not_read(table: str, folder: Path) -> None:
    (folder / "link.csv").symlink_to("../others.csv")
    (folder / "another-kind.csv").symlink_to("shared/own.yaml")

    assert codes(loaded(folder, table=table)) == ["LOAD-20"]


def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    (folder / "link.yaml").symlink_to("shared/own.yaml")
    (folder / "sites").symlink_to("shared")
    (folder / "shared" / "phones.csv").write_text("number\n101\n", encoding="utf-8")
    (folder / "phones.csv").symlink_to("shared/phones.csv")

    answer = loaded(folder, "link.yaml", "sites/*.yaml", table="phones.csv")

    assert codes(answer) == []
    assert [extension.number for extension in answer.inventory.pbxs[0].extensions] == ["101"]


def test_what_lies_beside_is_included_where_one_git_repository_holds_both(folder: Path) -> None:
    (folder.parent / ".git").mkdir()

    assert codes(loaded(folder, "../others.yaml", "../others/*.yaml")) == []
    assert codes(loaded(folder, "../../others.yaml")) == ["LOAD-20"]


@pytest.mark.parametrize("named", ["inventory.yaml", "."])
def test_an_inventory_that_is_a_link_to_elsewhere_is_refused_unread(named: str, folder: Path) -> None:
    (folder / "inventory.yaml").symlink_to("../others.yaml")

    with pytest.raises(Unreadable, match="LOAD-20 the file lies outside of the folder of the inventory; ") as refused:
        load_inventory(folder / named, kinds=KINDS)

    assert refused.value.exit_code == 2
    assert SECRET not in str(refused.value)


def test_a_folder_of_a_repository_that_is_a_link_out_of_it_is_refused(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "link").symlink_to("../others")

    for named in ("link", "link/private.yaml"):
        with pytest.raises(Unreadable, match="LOAD-20 the file lies outside of the git repository of the inventory; "):
            load_inventory(folder / named, kinds=KINDS)


def test_the_folder_may_be_reached_through_a_link(folder: Path) -> None:
    loaded(folder, "shared/*.yaml")
    (folder.parent / "link").symlink_to(folder)

    assert codes(load_inventory(folder.parent / "link" / "inventory.yaml", kinds=KINDS)) == []


def test_an_inventory_may_be_piped_in() -> None:
    end, other = os.pipe()
    os.write(other, LEAST.encode())
    os.close(other)

    answer = load_inventory(Path(f"/dev/fd/{end}"), kinds=KINDS)
    os.close(end)

    assert codes(answer) == []


def test_a_pipe_is_no_file_to_include(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")

    assert codes(loaded(folder, "pipe.yaml")) == ["LOAD-16"]
    with pytest.raises(OutOfReach, match="is no regular file"):
        Reach(folder).open(folder / "pipe.yaml")


def test_a_way_that_is_bent_between_the_look_and_the_reading_is_not_gone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach = Reach(folder)
    (folder / "link").symlink_to("../others")
    monkeypatch.setattr(os.path, "realpath", str)  # as though the link had been a folder when it was looked at

    with pytest.raises(OSError, match=r"link|private"):
        reach.open(folder / "link" / "private.yaml")


def test_patterns_look_at_so_many_names_and_no_more(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(10):
        (folder / f"{number}").mkdir()
        (folder / f"{number}" / "round").symlink_to("..")

    assert codes(loaded(folder, "*/round/*/own.yaml")) == []
    monkeypatch.setattr(globs, "MOST_NAMES", 1000)
    started = time.process_time()
    answer = loaded(folder, "*/round/" * 30 + "own.yaml")

    assert codes(answer) == ["LOAD-17"]
    assert answer.findings[0].message == "by this pattern, more than 100,000 names would be looked at"
    assert time.process_time() - started < 5
