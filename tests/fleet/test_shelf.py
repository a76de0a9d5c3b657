"""What the operator keeps of a PBX lies whole, for its user alone, and is found again by every inventory."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from confgen.fleet.shelf import DiskShelf, ShelfBroken
from confgen.model.shelf import Shelf
from tests.remote.memory_shelf import MemoryShelf


@pytest.fixture
def shelf(tmp_path: Path) -> DiskShelf:
    return DiskShelf("site.example.test", 5001, folder=tmp_path / "confgen")


@pytest.fixture(params=["disk", "memory"])
def any_shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    """The one of the product, and the one with which tests of others go."""
    return MemoryShelf() if request.param == "memory" else DiskShelf("site.example.test", 5001, folder=tmp_path)


def _folder(tmp_path: Path) -> Path:
    return tmp_path / "confgen" / "pbx" / "site.example.test+5001"


def _files(tmp_path: Path) -> list[str]:
    return [file.name for file in _folder(tmp_path).iterdir()]


def test_a_text_is_there_again_for_another_run(shelf: DiskShelf, tmp_path: Path) -> None:
    shelf.write("generations/3", "three\n")
    another: Shelf = DiskShelf("SITE.example.test.", 5001, folder=tmp_path / "confgen")

    assert another.read("generations/3") == "three\n"
    assert set(another.names()) == {"generations/3"}


def test_another_port_is_another_pbx(shelf: DiskShelf, tmp_path: Path) -> None:
    shelf.write("key", "a")

    assert DiskShelf("site.example.test", 5002, folder=tmp_path / "confgen").read("key") is None


def test_what_is_not_there_is_none_and_nothing_is_made_by_looking(shelf: DiskShelf, tmp_path: Path) -> None:
    assert shelf.read("key") is None
    assert set(shelf.names()) == set()
    shelf.remove("key")

    assert not (tmp_path / "confgen").exists()


def test_a_text_takes_the_place_of_another_one(shelf: DiskShelf, tmp_path: Path) -> None:
    shelf.write("journal", "begun")
    shelf.write("journal", "ended")

    assert shelf.read("journal") == "ended"
    assert _files(tmp_path) == ["journal"]


def test_only_the_first_one_creates(shelf: DiskShelf, tmp_path: Path) -> None:
    assert shelf.create("lock", "ours")
    assert not shelf.create("lock", "theirs")

    assert shelf.read("lock") == "ours"
    assert _files(tmp_path) == ["lock"]


def test_a_removed_text_is_gone_and_may_be_created_again(any_shelf: Shelf) -> None:
    assert any_shelf.create("lock", "ours")
    assert not any_shelf.create("lock", "theirs")
    assert any_shelf.read("lock") == "ours"
    any_shelf.remove("lock")
    any_shelf.remove("lock")

    assert any_shelf.read("lock") is None
    assert any_shelf.create("lock", "theirs")
    any_shelf.write("generations/1", "one")
    assert set(any_shelf.names()) == {"lock", "generations/1"}


def test_nobody_else_can_read_what_lies_there(shelf: DiskShelf, tmp_path: Path) -> None:
    _folder(tmp_path).mkdir(parents=True, mode=0o755)
    shelf.write("a/b", "text")

    folders = [tmp_path / "confgen", tmp_path / "confgen" / "pbx", _folder(tmp_path)]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 3
    assert stat.S_IMODE((_folder(tmp_path) / "a.b").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["", "../x", "a/../b", "/a", "a/", "a//b", "A", "a.b", ".x", "a\n", "ä", "a" * 201])
def test_a_name_that_is_none_is_refused(any_shelf: Shelf, name: str) -> None:
    uses: list[Callable[[], object]] = [
        lambda: any_shelf.read(name),
        lambda: any_shelf.remove(name),
        lambda: any_shelf.write(name, "text"),
        lambda: any_shelf.create(name, "text"),
    ]
    for use in uses:
        with pytest.raises(ValueError, match="no name for a shelf"):
            use()


@pytest.mark.parametrize("link", ["pbx", "pbx/site.example.test+5001", "pbx/site.example.test+5001/key"])
def test_no_link_is_followed(shelf: DiskShelf, tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "site.example.test+5001").mkdir(parents=True)
    for folder in (elsewhere, elsewhere / "site.example.test+5001"):
        (folder / "key").write_text("planted")
    place = tmp_path / "confgen" / link
    place.parent.mkdir(parents=True)
    place.symlink_to(elsewhere / "key" if link.endswith("key") else elsewhere)

    with pytest.raises(ShelfBroken) as broken:
        shelf.read("key")

    assert broken.value.code == "API-12"
    assert str(tmp_path / "confgen") in str(broken.value)


def test_a_link_is_replaced_and_not_written_through(shelf: DiskShelf, tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("theirs")
    shelf.write("key", "old")
    (_folder(tmp_path) / "key").unlink()
    (_folder(tmp_path) / "key").symlink_to(tmp_path / "theirs")

    assert not shelf.create("key", "new")
    shelf.write("key", "new")

    assert shelf.read("key") == "new"
    assert (tmp_path / "theirs").read_text() == "theirs"


def test_a_pipe_keeps_nobody_waiting(shelf: DiskShelf, tmp_path: Path) -> None:
    shelf.write("key", "old")
    (_folder(tmp_path) / "key").unlink()
    os.mkfifo(_folder(tmp_path) / "key")

    with pytest.raises(ShelfBroken, match="no file"):
        shelf.read("key")


def test_what_cannot_be_written_leaves_the_old_text(
    shelf: DiskShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write("key", "old")

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ShelfBroken, match="No space left on device"):
        shelf.write("key", "new")
    monkeypatch.undo()

    assert shelf.read("key") == "old"
    assert _files(tmp_path) == ["key"]


def test_what_a_killed_run_left_beside_is_no_text(shelf: DiskShelf, tmp_path: Path) -> None:
    shelf.write("key", "text")
    (_folder(tmp_path) / ".0123456789abcdef").write_text("half")

    assert set(shelf.names()) == {"key"}


def test_an_address_without_a_name_has_a_folder_too(tmp_path: Path) -> None:
    DiskShelf("2001:db8::1", 443, folder=tmp_path).write("key", "text")
    DiskShelf("../..", 443, folder=tmp_path).write("key", "text")

    assert {path.name for path in (tmp_path / "pbx").iterdir()} == {"2001%3Adb8%3A%3A1+443", "..%2F+443"}
