"""Progress: what a person sees while the work goes on."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys

import pytest
from rich.console import Console

from confgen.cli.progress import LiveProgress, PlainProgress, progress
from tests.report.log_reader import commands
from tests.report.samples import PROVEN


def test_a_terminal_sees_each_pbx_with_its_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = io.StringIO()
    live = LiveProgress(Console(file=screen, force_terminal=True, width=100))

    with live.display:
        live.begin("headquarters")
        live.step("headquarters", "staging [bold]3[/bold]")
        live.display.refresh()
        live.end(PROVEN)

    shown = re.sub("\x1b\\[[0-9;?]*[A-Za-z]", "", screen.getvalue())
    assert "staging [bold]3[/bold]" in shown
    assert re.search(r"headquarters: proven after 2.3 s", shown)


def test_a_step_that_goes_on_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    plain = PlainProgress()
    for words in ("waiting for 2 calls to end", "waiting for 2 calls to end", "waiting for 1 call to end"):
        plain.step("headquarters", words)

    assert capsys.readouterr().err.splitlines() == [
        "headquarters: waiting for 2 calls to end",
        "headquarters: waiting for 1 call to end",
    ]


def test_no_step_is_a_command_to_the_job_that_keeps_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    PlainProgress().step("headquarters", "the host says ##[error]x")

    assert commands(capsys.readouterr().err) == []


def test_a_lost_stderr_does_not_stop_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lost(io.StringIO):
        def write(self, _text: str, /) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Lost())

    PlainProgress().begin("headquarters")


def test_a_lost_terminal_does_not_stop_the_work_either(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lost(io.StringIO):
        def write(self, _text: str, /) -> int:
            raise OSError(5, "Input/output error")

        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Lost())

    with progress(is_coloured=False) as watcher:
        watcher.begin("headquarters")
        watcher.step("headquarters", "proving")
        watcher.end(PROVEN)

    assert isinstance(watcher, LiveProgress)


def test_progress_is_live_on_a_terminal_and_data_stay_apart_from_it() -> None:
    program = (
        "from confgen.cli import main; from tests.cli.fakes import FakeWork; from tests.report.samples import PROVEN;"
        "main(['verify'], obj=FakeWork(results=(PROVEN,)))"
    )
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    environment.pop("NO_COLOR", None)

    answer = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=theirs, text=True, check=False, env=environment
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)

    assert "\x1b[" in shown
    assert "headquarters" in shown
    assert answer.stdout.startswith("PBX ")
    assert "\x1b[" not in answer.stdout
