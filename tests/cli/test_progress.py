"""Progress: what a person sees while the work goes on."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import threading

import pytest
from rich.console import Console

from confgen.cli.progress import LiveProgress, PlainProgress, progress
from tests.report.log_reader import commands
from tests.report.samples import PROVEN

TIMEOUT = 5  # seconds, for threads that should go on


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


def test_a_reader_who_stops_reading_stops_nobody_who_works_on_a_pbx(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    is_reached, reads_on = threading.Event(), threading.Event()

    class Pager(io.StringIO):
        def write(self, text: str, /) -> int:
            is_reached.set()
            reads_on.wait(TIMEOUT)
            return super().write(text)

    monkeypatch.setattr(sys, "stdout", Pager())
    plain = PlainProgress()
    plain.begin("headquarters")
    telling = threading.Thread(target=plain.say, args=("branch: planned",))
    working = threading.Thread(target=plain.step, args=("headquarters", "looking"))

    telling.start()
    assert is_reached.wait(TIMEOUT)
    working.start()
    working.join(TIMEOUT)
    goes_on = not working.is_alive()
    reads_on.set()
    telling.join(TIMEOUT)
    working.join(TIMEOUT)

    assert goes_on
    assert capsys.readouterr().err.splitlines() == ["headquarters: begun", "headquarters: looking"]


def test_a_step_that_is_heard_of_late_is_not_told_after_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    plain = PlainProgress()
    plain.begin(PROVEN.pbx)
    plain.end(PROVEN)
    plain.step(PROVEN.pbx, "proving")

    assert capsys.readouterr().err.splitlines() == ["headquarters: begun", "headquarters: proven after 2.3 s"]


def test_of_two_legs_of_one_name_the_one_that_goes_on_is_still_told(capsys: pytest.CaptureFixture[str]) -> None:
    plain = PlainProgress()
    plain.begin(PROVEN.pbx)
    plain.begin(PROVEN.pbx)
    plain.end(PROVEN)
    plain.step(PROVEN.pbx, "registering")

    assert capsys.readouterr().err.splitlines()[-1] == "headquarters: registering"


def test_neither_does_it_trouble_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    live = LiveProgress(Console(file=io.StringIO(), force_terminal=True, width=100))
    live.begin("headquarters")
    live.display.remove_task(live.display.task_ids[0])

    live.step("headquarters", "proving")

    assert not live.display.tasks


def test_a_step_that_goes_on_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    plain = PlainProgress()
    plain.begin("headquarters")
    for words in ("waiting for 2 calls to end", "waiting for 2 calls to end", "waiting for 1 call to end"):
        plain.step("headquarters", words)

    assert capsys.readouterr().err.splitlines() == [
        "headquarters: begun",
        "headquarters: waiting for 2 calls to end",
        "headquarters: waiting for 1 call to end",
    ]


def test_no_step_is_a_command_to_the_job_that_keeps_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    plain = PlainProgress()
    plain.begin("headquarters")
    plain.step("headquarters", "the host says ##[error]x")

    told = capsys.readouterr().err
    assert "the host says" in told
    assert commands(told) == []


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
