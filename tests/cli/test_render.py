"""`confgen render`: the folder it writes, and what it leaves alone."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from confgen.cli import tree
from confgen.render import RenderError
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
from tests.report.samples import ERROR, WARNING

TEXTS = {"pjsip.conf": "[101]\n", "keys/1f.crt": "PEM\n"}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def files_in(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_each_pbx_gets_a_folder_of_its_files_and_a_marker_that_names_them(run: Run, tmp_path: Path) -> None:
    answer = run("render", "--out", f"{tmp_path}/out", "-l", "branch,warehouse", work=FakeWork(texts=TEXTS))

    assert answer.exit_code == 0
    assert answer.stdout == f"{tmp_path}/out: 4 files for 2 PBXs: 4 written, 0 unchanged, 0 removed\n"
    assert files_in(tmp_path / "out") == {
        f"{pbx}/{name}": text
        for pbx in ("branch", "warehouse")
        for name, text in (*TEXTS.items(), (".confgen", "keys/1f.crt\npjsip.conf\n"))
    }
    assert mode(tmp_path / "out/branch/pjsip.conf") == 0o644


def test_files_with_secrets_are_for_their_owner_alone_and_cease_to_be_when_the_secrets_go(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "branch/pjsip.conf"

    run("render", "--out", str(tmp_path), "-l", "branch", "--reveal")
    revealed = mode(file)
    run("render", "--out", str(tmp_path), "-l", "branch")

    assert (revealed, mode(file)) == (0o600, 0o644)


def test_the_same_bytes_are_not_written_again(run: Run, tmp_path: Path) -> None:
    run("render", "--out", str(tmp_path), "-l", "branch")
    before = (tmp_path / "branch/pjsip.conf").stat()

    answer = run("render", "--out", str(tmp_path), "-l", "branch")

    after = (tmp_path / "branch/pjsip.conf").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)  # it was read, and may say so
    assert answer.stdout.endswith(": 0 written, 1 unchanged, 0 removed\n")


def test_a_file_that_is_no_longer_rendered_goes(run: Run, tmp_path: Path) -> None:
    run("render", "--out", str(tmp_path), "-l", "branch", work=FakeWork(texts=TEXTS))

    answer = run("render", "--out", str(tmp_path), "-l", "branch", work=FakeWork(texts={"pjsip.conf": "[102]\n"}))

    assert answer.stdout.endswith(": 1 file for 1 PBX: 1 written, 0 unchanged, 1 removed\n")
    assert files_in(tmp_path / "branch") == {"pjsip.conf": "[102]\n", ".confgen": "pjsip.conf\n"}


@pytest.mark.parametrize("stranger", ["notes.txt", "keys/mine.key"])
@pytest.mark.parametrize("is_rendered_before", [False, True])
def test_a_folder_with_files_of_somebody_else_is_refused_and_left_as_it_is(
    stranger: str,
    is_rendered_before: bool,  # noqa: FBT001, as pytest gives it
    run: Run,
    tmp_path: Path,
) -> None:
    if is_rendered_before:
        run("render", "--out", str(tmp_path), "-l", "branch")
    (tmp_path / "branch" / stranger).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "branch" / stranger).write_text("mine")
    before = files_in(tmp_path)

    answer = run("render", "--out", str(tmp_path), work=FakeWork(texts={"pjsip.conf": "other\n"}))

    assert answer.exit_code == 2
    assert f"{tmp_path}/branch holds {stranger}, which render did not write" in answer.stderr
    assert files_in(tmp_path) == before


def test_a_link_to_the_same_bytes_is_replaced_and_what_it_leads_to_keeps_its_mode(run: Run, tmp_path: Path) -> None:
    run("render", "--out", str(tmp_path), "-l", "branch")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("[101]\n")
    elsewhere.chmod(0o600)
    (tmp_path / "branch/pjsip.conf").unlink()
    (tmp_path / "branch/pjsip.conf").symlink_to(elsewhere)

    run("render", "--out", str(tmp_path), "-l", "branch")

    assert mode(elsewhere) == 0o600
    assert not (tmp_path / "branch/pjsip.conf").is_symlink()


def test_a_link_is_never_written_through(run: Run, tmp_path: Path) -> None:
    run("render", "--out", str(tmp_path), "-l", "branch")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    (tmp_path / "branch/pjsip.conf").unlink()
    (tmp_path / "branch/pjsip.conf").symlink_to(elsewhere)

    run("render", "--out", str(tmp_path), "-l", "branch", work=FakeWork(texts={"pjsip.conf": "other\n"}))

    assert elsewhere.read_text() == "mine"
    assert files_in(tmp_path / "branch")["pjsip.conf"] == "other\n"


def test_a_render_that_was_killed_half_way_does_not_stand_in_the_way_of_the_next(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "branch"
    folder.mkdir()
    (folder / tree.MARKER).write_text("keys/1f.crt\npjsip.conf\n")
    (folder / "pjsip.conf").write_text("[101]\n")
    (folder / ".confgen-unfinished").write_text("PE")

    answer = run("render", "--out", str(tmp_path), "-l", "branch", work=FakeWork(texts=TEXTS))

    assert answer.exit_code == 0
    assert files_in(folder) == {**TEXTS, ".confgen": "keys/1f.crt\npjsip.conf\n"}


def test_a_marker_cannot_have_a_file_outside_the_folder_removed(run: Run, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "branch").mkdir()
    (tmp_path / "branch" / tree.MARKER).write_text(f"../victim\n{victim}\n")

    run("render", "--out", str(tmp_path), "-l", "branch")

    assert victim.read_text() == "mine"


def test_what_the_system_does_not_let_be_written_is_told_in_a_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    answers = [run("render", "--out", f"{tmp_path}/file/out"), run("render", "--out", f"{tmp_path}/file")]

    assert [answer.exit_code for answer in answers] == [2, 2]
    assert all("Not a directory" in answer.stderr for answer in answers)
    assert all(len(answer.stderr.splitlines()) == 1 for answer in answers)


def test_a_disk_that_takes_no_more_is_told_in_a_line_and_the_next_render_goes_on(run: Run, tmp_path: Path) -> None:
    program = (
        "from confgen.cli import main; from tests.cli.fakes import FakeWork;"
        "work = FakeWork(texts={'pjsip.conf': 'x' * 9000});"
        f"main(['render', '--out', {str(tmp_path)!r}, '-l', 'branch'], obj=work)"
    )

    # No file may grow beyond 8 blocks of 512 bytes.
    limited = subprocess.run(
        ["sh", "-c", 'ulimit -f 8; exec "$@"', "sh", sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (limited.returncode, limited.stdout) == (2, "")
    assert limited.stderr == f"{tmp_path}/branch: File too large\n"
    assert run("render", "--out", str(tmp_path), "-l", "branch").exit_code == 0
    assert files_in(tmp_path / "branch") == {"pjsip.conf": "[101]\n", ".confgen": "pjsip.conf\n"}


def test_secrets_that_cannot_be_had_are_findings_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    work = FakeWork(render_findings=(ERROR, WARNING))

    answer = run("render", "--reveal", "--out", f"{tmp_path}/out", "-l", "branch", work=work)

    assert answer.exit_code == 1
    assert answer.stdout.endswith("\n1 error, 1 warning in 1 file: nothing was touched\n")
    assert not (tmp_path / "out").exists()


def test_a_value_that_cannot_be_written_is_told_in_a_line_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    work = FakeWork(stops_with=RenderError("pjsip.conf: a value cannot be written: it holds a line end"))

    answer = run("render", "--out", f"{tmp_path}/out", work=work)

    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr == "pjsip.conf: a value cannot be written: it holds a line end\n"
    assert not (tmp_path / "out").exists()
