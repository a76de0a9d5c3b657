"""What is told as it comes, and what is kept until the end."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from rich.console import Console

from confgen.cli.progress import LiveProgress, Telling
from confgen.fleet import Keep, Places, Stop, Watcher, wholly
from confgen.model.inventory import Inventory, Pbx
from confgen.model.result import Result
from confgen.model.terms import Pace
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
from tests.report.samples import FIRST_PUSH, PLANNED, PROVEN, UNCHANGED


@dataclass
class Recorded:
    """Progress that remembers in which order it was told what."""

    told: list[str] = field(default_factory=list)

    def begin(self, pbx: str, /) -> None:
        self.told.append(f"begin {pbx}")

    def step(self, pbx: str, words: str, /) -> None:
        self.told.append(f"step {pbx} {words}")

    def end(self, result: Result, /) -> None:
        self.told.append(f"end {result.pbx}")

    def say(self, text: str, /) -> None:
        self.told.append(f"data {text}")


def test_each_pbx_is_told_when_it_has_ended_and_not_when_all_have() -> None:
    recorded = Recorded()
    telling = Telling(recorded, lambda result: result.outcome.value)

    for result in (PLANNED, UNCHANGED):
        telling.begin(result.pbx)
        telling.step(result.pbx, "looking")
        telling.end(result)

    first, second = PLANNED.pbx, UNCHANGED.pbx
    assert recorded.told == [
        *(f"begin {first}", f"step {first} looking", f"end {first}", "data planned"),
        *(f"begin {second}", f"step {second} looking", f"end {second}", "data unchanged"),
    ]


@dataclass(kw_only=True)
class Keeping(FakeWork):
    """Remembers what is kept of each result."""

    kept: list[Result] = field(default_factory=list)

    def plan(
        self,
        inventory: Inventory,
        pbxs: Sequence[Pbx],
        watcher: Watcher,
        /,
        *,
        pace: Pace,
        stop: Stop,
        keep: Keep,
        executor: Places | None = None,
    ) -> tuple[Result, ...]:
        self.kept += super().plan(inventory, pbxs, watcher, pace=pace, stop=stop, keep=keep, executor=executor)
        return tuple(self.kept)


def test_nothing_of_a_plan_is_kept_that_was_told(run: Run) -> None:
    work = Keeping(results=(PLANNED, UNCHANGED))

    answer = run("plan", work=work)

    assert [(result.plan, result.savable) for result in work.kept] == [(None, None)] * 2
    assert "impact" in answer.stdout
    assert answer.stdout.rstrip().splitlines()[-1].startswith("2 PBXs: ")


def test_for_programs_all_is_kept_but_diffs_that_nobody_wants(run: Run) -> None:
    whole, short = Keeping(results=(PLANNED,)), Keeping(results=(PLANNED,))

    first = json.loads(run("plan", "--format", "json", work=whole).stdout)
    second = json.loads(run("plan", "--format", "json", "--no-diff", work=short).stdout)

    assert whole.kept == [replace(PLANNED, savable=None)]
    assert short.kept[0].plan is not None
    assert {(change.before, change.after, change.written) for change in short.kept[0].plan.changes} == {(None,) * 3}
    for change in first["pbxs"][0]["plan"]["changes"]:
        change["diff"] = None
    assert first == second


def test_a_table_needs_no_texts(run: Run) -> None:
    kept: list[Result] = []

    class Pushing(FakeWork):
        def _work(
            self, words: str, pbxs: Sequence[Pbx], watcher: Watcher, stop: Stop, keep: Keep = wholly
        ) -> tuple[Result, ...]:
            kept.extend(super()._work(words, pbxs, watcher, stop, keep))
            return tuple(kept)

    pushed = replace(FIRST_PUSH, checks=PROVEN.checks)
    whole = run("push", work=FakeWork(results=(pushed,)))
    answer = run("push", work=Pushing(results=(pushed,)))

    assert answer.stdout == whole.stdout
    assert kept[0].plan is not None
    assert kept[0].plan.changes == ()
    assert all(check.evidence == () for check in kept[0].checks)


@pytest.mark.parametrize(
    ("line", "pace"),
    [
        ("plan", Pace(parallel=64)),
        ("doctor", Pace(parallel=64)),
        ("push", Pace(parallel=32)),
        ("verify", Pace(parallel=32)),
        ("plan --parallel 200 --time-limit 20s", Pace(parallel=200, time_limit=20)),
        ("push --parallel 4 --time-limit 1h", Pace(parallel=4, time_limit=3600)),
        ("rollback --time-limit 2m", Pace(time_limit=120)),
        ("verify --parallel 1", Pace(parallel=1)),
        ("doctor --parallel 7", Pace(parallel=7)),
    ],
)
def test_the_pace_is_what_the_command_line_says(line: str, pace: Pace, run: Run) -> None:
    work = FakeWork()

    assert run(*line.split(), work=work).exit_code == 0
    assert work.pace == pace


@pytest.mark.parametrize(
    "line",
    ["plan --parallel 0", "plan --parallel 201", "push --time-limit 5", "plan --time-limit x", "push --time-limit 0m"],
)
def test_a_pace_that_makes_no_sense_is_a_mistake_of_usage(line: str, run: Run) -> None:
    assert run(*line.split(), work=FakeWork()).exit_code == 2


def test_data_do_not_garble_what_moves_on_the_same_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    live = LiveProgress(Console(file=screen, force_terminal=True, width=60))

    with live.display:
        live.begin("branch")
        live.begin("depot")
        live.say("branch: planned\n")
        assert live.display.live.is_started
        live.end(PLANNED)

    # Whatever moved is gone from the line on which the data begin.
    before, _, _ = screen.getvalue().partition("branch: planned\n")
    assert re.search(r"\x1b\[2K(\x1b\[1A\x1b\[2K)*\Z|\x1b\[2K\Z", before.replace("\x1b[?25h", "").rstrip("\r"))


def test_data_that_go_elsewhere_leave_the_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    with (tmp_path / "screen").open("w", encoding="utf-8") as screen:
        live = LiveProgress(Console(file=screen, force_terminal=True, width=60))
        with live.display:
            live.begin("branch")
            live.say("branch: planned\n")

    assert capsys.readouterr().out == "branch: planned\n\n"
    assert "planned" not in (tmp_path / "screen").read_text(encoding="utf-8")
