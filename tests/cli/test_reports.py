"""`confgen verify` in the formats of other programs, and as a page."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from confgen.cli import page_file
from confgen.model.result import Result
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
from tests.report.samples import ERROR, PROVEN, UNDONE, WARNING


@pytest.mark.parametrize("work", [FakeWork(results=(PROVEN,)), FakeWork(findings=(ERROR,))], ids=["proven", "refused"])
def test_every_format_is_written_and_findings_nowhere_else(work: FakeWork, run: Run) -> None:
    junit, sarif, prometheus, github, gitlab = (
        run("verify", "--limit", "headquarters", "--format", name, work=work)
        for name in ("junit", "sarif", "prometheus", "github", "gitlab")
    )

    assert ET.fromstring(junit.stdout).tag == "testsuites"  # noqa: S314, our own
    assert json.loads(sarif.stdout)["version"] == "2.1.0"
    assert prometheus.stdout.startswith("# HELP ")
    assert all(line.startswith("::") for line in github.stdout.splitlines())
    assert len(json.loads(gitlab.stdout)) == len(work.findings)
    every = (junit, sarif, prometheus, github, gitlab)
    assert not any(ERROR.code in each.stderr for each in every)
    assert len({each.exit_code for each in every}) == 1


def test_what_is_told_beside_text_stands_in_the_other_formats(run: Run) -> None:
    work = FakeWork(results=(PROVEN,), findings=(WARNING,))

    assert WARNING.code in run("verify", "--format", "sarif", work=work).stdout
    assert WARNING.code in run("verify", "--format", "junit", work=work).stdout


@pytest.mark.parametrize("command", ["plan", "push", "rollback"])
@pytest.mark.parametrize("name", ["junit", "sarif", "github", "gitlab", "prometheus"])
def test_only_validate_and_verify_have_them(command: str, name: str, run: Run) -> None:
    assert run(command, "--format", name).exit_code == 2


@pytest.mark.parametrize("output_format", ["text", "json", "junit"])
def test_a_page_is_written_beside_any_format(output_format: str, run: Run, tmp_path: Path) -> None:
    page = tmp_path / "proof.html"
    page.write_text("an older page", encoding="utf-8")

    answer = run("verify", "--format", output_format, "--html", str(page), work=FakeWork(results=(PROVEN, UNDONE)))

    assert answer.exit_code == 5
    assert answer.stdout
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert list(tmp_path.iterdir()) == [page]


def test_a_page_has_the_rights_that_new_files_get(run: Run, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        run("verify", "--html", str(tmp_path / "proof.html"), work=FakeWork(results=(PROVEN,)))
    finally:
        os.umask(before)

    assert (tmp_path / "proof.html").stat().st_mode & 0o777 == 0o640


def test_a_refused_inventory_has_its_page_too(run: Run, tmp_path: Path) -> None:
    assert run("verify", "--html", str(tmp_path / "proof.html"), work=FakeWork(findings=(ERROR,))).exit_code == 1
    assert ERROR.code in (tmp_path / "proof.html").read_text(encoding="utf-8")


def test_a_link_stays_and_what_it_leads_to_is_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "latest.html").symlink_to("proof.html")

    run("verify", "--html", str(tmp_path / "latest.html"), work=FakeWork(results=(PROVEN,)))

    assert (tmp_path / "latest.html").is_symlink()
    assert (tmp_path / "proof.html").is_file()


def test_a_page_keeps_the_rights_of_the_one_before(run: Run, tmp_path: Path) -> None:
    (tmp_path / "proof.html").touch(0o600)

    run("verify", "--html", str(tmp_path / "proof.html"), work=FakeWork(results=(PROVEN,)))

    assert (tmp_path / "proof.html").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("result", "exit_code"), [(PROVEN, 2), (UNDONE, 5)])
def test_a_page_that_cannot_be_written_hides_no_graver_exit_code(
    result: Result, exit_code: int, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _text: str) -> None:
        raise page_file.CannotWrite("proof.html: No space left on device")

    monkeypatch.setattr(page_file, "write", full)
    answer = run("verify", "--html", str(tmp_path / "proof.html"), work=FakeWork(results=(result,)))

    assert answer.exit_code == exit_code
    assert "No space left" in answer.stderr


@pytest.mark.parametrize(("place", "mend"), [("nowhere/proof.html", "make it first"), ("-", "goes into a file")])
def test_it_is_said_how_a_page_could_be_written(
    place: str, mend: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    answer = run("verify", "--html", place, work=FakeWork(results=(PROVEN,)))

    assert answer.exit_code == 2
    assert mend in answer.stderr


@pytest.mark.parametrize("place", ["nowhere/proof.html", ".", "pipe"])
def test_where_no_page_can_be_written_nothing_is_asked(place: str, run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    work = FakeWork(results=(PROVEN,))

    answer = run("verify", "--html", str(tmp_path / place), work=work)

    assert answer.exit_code == 2
    assert answer.stderr.count("\n") == 1
    assert work.asked == []
    assert (tmp_path / "pipe").is_fifo()


def test_evidence_is_asked_for_by_name(run: Run) -> None:
    assert run("verify", "--evidence", work=FakeWork(results=(PROVEN,))).exit_code == 0


def test_a_host_without_an_inventory_has_its_reports_too(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "proof.html"
    work = FakeWork(results=(replace(PROVEN, pbx="a.test:5061"),))

    answer = run("verify", "--host", "a.test", "--html", str(page), "--format", "prometheus", work=work)

    assert 'confgen_pbx_proven{pbx="a.test:5061"} 1' in answer.stdout
    assert "phones of a.test:5061" in page.read_text(encoding="utf-8")
