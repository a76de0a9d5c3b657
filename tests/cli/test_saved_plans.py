"""`plan --out FILE` and `push --plan FILE`: what is written where, and what is asked of the fleet."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from confgen import __version__
from confgen.cli import plan_file
from confgen.fleet import Keep, Places, Stop, Watcher
from confgen.model.inventory import Inventory, Pbx
from confgen.model.result import Outcome, Result
from confgen.model.saved import Origin, SavedPbx, SavedPlan
from confgen.model.terms import Pace
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
from tests.report.samples import PLANNED, UNCHANGED, UNREACHABLE, plan


def savable(result: Result) -> Result:
    saved = SavedPbx(
        name=result.pbx,
        address="192.0.2.1",
        host="ab" * 32,
        is_confirmed=True,
        observed={},
        desired={},
        plan=replace(result.plan or plan(), running=()),
    )
    return replace(result, savable=saved)


HEADQUARTERS, BRANCH = savable(PLANNED), savable(UNCHANGED)
BOTH = ("-l", "headquarters,branch")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    before = os.umask(0)
    yield tmp_path
    os.umask(before)


def saved_in(folder: Path, *results: Result) -> Path:
    """A plan of these PBXs that lies in a file already."""
    file = folder / "agreed.plan"
    saved = SavedPlan(
        origin=Origin(version="0", inventory=""),
        made_at="2026-01-02T03:04:05+00:00",
        pbxs=tuple(result.savable for result in results if result.savable is not None),
    )
    plan_file.write(file, saved)
    return file


def test_the_plan_of_every_pbx_that_has_one_is_saved_for_its_owner_alone(run: Run, folder: Path) -> None:
    work = FakeWork(results=(HEADQUARTERS, BRANCH, UNREACHABLE))
    answer = run("plan", "--out", "friday.plan", "-l", "headquarters,branch,depot", work=work)
    assert answer.exit_code == 4
    assert answer.stdout.endswith(
        "friday.plan: the plan of 2 PBXs is saved; `confgen push --plan friday.plan` carries it out; not in it: depot\n"
    )
    saved = plan_file.read(folder / "friday.plan")
    assert saved.pbxs == (HEADQUARTERS.savable, BRANCH.savable)
    assert saved.origin == Origin(version=__version__, inventory="")
    assert stat.S_IMODE((folder / "friday.plan").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["friday.plan"]


def test_a_pbx_whose_host_has_no_key_yet_is_refused_with_what_to_run(run: Run, folder: Path) -> None:
    answer = run("plan", "--out", "friday.plan", *BOTH, work=FakeWork(results=(PLANNED, BRANCH)))
    assert answer.exit_code == 1
    assert "PUSH-49" in answer.stdout
    assert "confgen bootstrap --install --limit headquarters" in answer.stdout
    assert plan_file.read(folder / "friday.plan").pbxs == (BRANCH.savable,)


@pytest.mark.parametrize(
    "results",
    [(), (PLANNED,), (UNREACHABLE,), (HEADQUARTERS, Result(pbx="branch", outcome=Outcome.INTERRUPTED, message=""))],
    ids=["none", "without a key", "out of reach", "interrupted"],
)
def test_where_there_is_no_whole_plan_the_file_stays_as_it_was(
    run: Run, folder: Path, results: tuple[Result, ...]
) -> None:
    names = ",".join(result.pbx for result in results) or "branch"
    answer = run("plan", "--out", "friday.plan", "-l", names, work=FakeWork(results=results))
    assert "friday.plan: nothing is saved" in answer.stdout
    assert list(folder.iterdir()) == []


def test_a_run_that_did_not_come_to_every_pbx_leaves_the_plan_of_all_of_them_alone(run: Run, folder: Path) -> None:
    file = saved_in(folder, HEADQUARTERS, BRANCH)
    before = file.read_bytes()

    answer = run("plan", "--out", str(file), *BOTH, work=FakeWork(results=(HEADQUARTERS,), is_stopped=True))

    assert answer.exit_code == 130
    assert answer.stdout.endswith(f"{file}: nothing is saved: the run did not come to branch\n")
    assert file.read_bytes() == before


def test_without_out_nothing_is_written_and_no_key_is_asked_for(run: Run, folder: Path) -> None:
    answer = run("plan", work=FakeWork(results=(PLANNED,)))
    assert (answer.exit_code, "PUSH-49" in answer.stdout) == (3, False)
    assert list(folder.iterdir()) == []


def test_another_saved_plan_is_replaced(run: Run, folder: Path) -> None:
    file = saved_in(folder, HEADQUARTERS)
    assert run("plan", "--out", str(file), "-l", "branch", work=FakeWork(results=(BRANCH,))).exit_code == 0
    assert plan_file.read(file).pbxs == (BRANCH.savable,)


@pytest.mark.parametrize("content", ["version: 1\n", "", '{"format_version": 1}', "\xff"])
def test_what_is_no_saved_plan_is_not_written_over_and_no_pbx_is_asked(run: Run, folder: Path, content: str) -> None:
    file = folder / "inventory.yaml"
    file.write_text(content, encoding="latin-1")
    work = FakeWork(results=(BRANCH,))
    answer = run("plan", "--out", str(file), work=work)
    assert (answer.exit_code, work.asked) == (2, [])
    assert "is no saved plan, and is not written over" in answer.stderr
    assert file.read_text(encoding="latin-1") == content


def test_a_folder_a_pipe_and_a_link_to_nowhere_are_not_written_over(run: Run, folder: Path) -> None:
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to("nowhere")
    for name in ("folder", "pipe", "link", "missing/friday.plan"):
        answer = run("plan", "--out", name, work=FakeWork(results=(BRANCH,)))
        assert answer.exit_code == 2, name
    assert (folder / "link").is_symlink()


def test_what_the_file_becomes_meanwhile_is_not_written_over_either(run: Run, folder: Path) -> None:
    class Meanwhile(FakeWork):
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
            (folder / "friday.plan").write_text("mine")
            return super().plan(inventory, pbxs, watcher, pace=pace, stop=stop, keep=keep, executor=executor)

    assert run("plan", "--out", "friday.plan", "-l", "branch", work=Meanwhile(results=(BRANCH,))).exit_code == 2
    assert (folder / "friday.plan").read_text() == "mine"


@pytest.mark.parametrize(
    ("limit", "asked"),
    [((), "push headquarters,branch"), (("-l", "branch"), "push branch"), (("-l", "depot"), "push depot")],
)
def test_a_push_by_a_plan_is_of_the_pbxs_in_it_and_the_fleet_gets_the_plan(
    run: Run, folder: Path, limit: tuple[str, ...], asked: str
) -> None:
    file = saved_in(folder, HEADQUARTERS, BRANCH)
    work = FakeWork()
    run("push", "--plan", str(file), *limit, work=work)
    assert work.asked == ["load inventory.yaml", asked]
    assert work.agreed == plan_file.read(file)


def test_the_journal_names_the_plan_by_the_digest_of_its_file(run: Run, folder: Path) -> None:
    file = saved_in(folder, HEADQUARTERS, BRANCH)
    work = FakeWork(journals=folder / "state")
    run("push", "--plan", str(file), work=work)
    (past,) = json.loads(run("history", "--format", "json", work=work).stdout)["runs"]
    assert past["plan_digest"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_plan_that_holds_no_pbx_of_the_inventory_is_no_leave_to_do_nothing(run: Run, folder: Path) -> None:
    file = saved_in(folder, replace(BRANCH, savable=replace(BRANCH.savable, name="elsewhere")))  # type: ignore[type-var]
    work = FakeWork()
    run("push", "--plan", str(file), work=work)
    assert work.asked[1] == "push headquarters,branch,warehouse,depot"
    assert work.agreed is not None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        ("version: 1\n", "it is no saved plan"),
        ('{"file": "confgen plan", "format_version": 99}', "another version of confgen"),
        ("\xff", "it is no saved plan"),
    ],
)
def test_a_file_that_is_no_plan_of_this_version_stops_the_push_before_anything_is_read(
    run: Run, folder: Path, content: str | None, said: str
) -> None:
    if content is not None:
        (folder / "friday.plan").write_text(content, encoding="latin-1")
    work = FakeWork()
    answer = run("push", "--plan", "friday.plan", work=work)
    assert (answer.exit_code, work.asked) == (2, [])
    assert said in answer.stderr


def test_a_push_without_a_plan_has_none(run: Run) -> None:
    work = FakeWork()
    run("push", work=work)
    assert work.agreed is None
