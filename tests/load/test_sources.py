"""What cannot be read is told in one line, and ends with exit code 2."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from confgen.load import Unreadable, load_inventory, sources


def refusal(path: Path) -> str:
    with pytest.raises(Unreadable) as refused:
        load_inventory(path, kinds={})
    assert refused.value.exit_code == 2
    message = str(refused.value)
    assert "\n" not in message
    return message


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "missing.yaml"

    assert refusal(path) == f"{path}: LOAD-01 there is no such file; check the path"


def test_a_link_that_leads_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "loop.yaml"
    path.symlink_to(path)

    assert refusal(path).startswith(f"{path}: LOAD-01 it cannot be read: ")


def test_a_path_with_a_nul() -> None:
    assert ": LOAD-01 " in refusal(Path("inventory\0.yaml"))


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "inventory.yaml"
    path.touch()

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "open", refuse)  # root may read every file, and tests may run as root

    assert refusal(path) == f"{path}: LOAD-01 reading it is not permitted; check its owner and mode"


def test_a_folder_whose_entries_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", refuse)

    assert refusal(tmp_path) == f"{tmp_path}: LOAD-01 reading it is not permitted; check its owner and mode"


def test_a_folder_without_yaml_files(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("version: 1\n", encoding="utf-8")
    (tmp_path / "below.yaml").mkdir()

    assert refusal(tmp_path) == f"{tmp_path}: LOAD-01 the folder holds no *.yaml file; name a file, or another folder"


def test_a_link_in_a_folder_that_leads_nowhere_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")

    assert refusal(tmp_path) == f"{tmp_path}/gone.yaml: LOAD-01 there is no such file; check the path"


@pytest.mark.parametrize("content", [b"", b"\n \n\t\n", b"\xef\xbb\xbf", b"# only a remark\n", b"%YAML 1.1\n"])
def test_an_empty_file(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_bytes(content)

    assert f"{path}" in refusal(path)


def test_a_binary_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_bytes(b"version: 1\n\x7fELF\0\0\n")

    assert refusal(path) == f"{path}:2: LOAD-01 this is no text; name a file of text, saved as UTF-8"


def test_a_control_character_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_bytes(b"version: 1\n# \x07\n")

    assert refusal(path).startswith(f"{path}:2: LOAD-02 this is not YAML: ")


def test_latin_1_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_bytes("version: 1\n# Büro\n".encode("latin-1"))

    assert refusal(path) == f"{path}:2: LOAD-01 this is not UTF-8; save the file as UTF-8"


def test_files_over_the_limit_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LIMIT", 1_000_000)
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_bytes(b"#" * 600_000 + b"\nversion: 1\n")

    assert refusal(tmp_path).startswith(f"{tmp_path}/two.yaml: LOAD-01 an inventory is at most 1 MB; ")


def test_the_limit_is_64_mb() -> None:
    assert sources.LIMIT == 64_000_000


def test_an_inventory_is_known_by_a_digest_of_its_names_and_texts() -> None:
    def known(**texts: str) -> str:
        files = [sources.SourceFile(name=f"/any/{name}.yaml", content=text.encode()) for name, text in texts.items()]
        return sources.digest(files)

    assert known(a="version: 1\n") == known(a="version: 1\n") != known(a="version: 1 \n")
    assert len({known(a="xy"), known(a="x", b="y"), known(a="", b="xy"), known(b="xy"), known(axy="")}) == 5
    assert len(known()) == 64
