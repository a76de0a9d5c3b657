"""plan, push, verify and rollback: what they ask of the fleet, and where their words go."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from confgen.model.result import Outcome
from confgen.model.terms import Batch, Strategy, Terms
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
from tests.report.samples import ERROR, LEG, PLANNED, PROVEN, UNCHANGED, UNDONE, UNREACHABLE, WARNING

ALL = "headquarters,branch,warehouse,depot"


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("plan", f"plan {ALL}"),
        ("plan sites -l branch", "plan branch"),
        ("plan --limit branch,ware*", "plan branch,warehouse"),
        ("plan -l branch -l headquarters", "plan headquarters,branch"),
        ("push", f"push {ALL}"),
        ("push --adopt -l branch", "push branch"),
        ("verify --limit branch", "verify branch"),
        ("rollback", f"rollback generation=None {ALL}"),
        ("rollback --to 0 -l branch", "rollback generation=0 branch"),
    ],
)
def test_the_fleet_is_asked_what_the_command_line_says(line: str, asked: str, run: Run) -> None:
    work = FakeWork()

    run(*line.split(), work=work)

    assert work.asked == [f"load {'sites' if 'sites' in line else 'inventory.yaml'}", asked]


@pytest.mark.parametrize(
    ("line", "terms"),
    [
        ("push", Terms()),
        ("push --adopt --overwrite-drift", Terms(adopt=True, overwrite_drift=True)),
        ("push --allow-weaker because", Terms(allow_weaker="because")),
        ("push --max-cut-off 3 --undo-after 20", Terms(max_cut_off=3, undo_after=20)),
        ("push --wait-idle 10m --max-calls 2", Terms(wait_idle=600.0, max_calls=2)),
        ("push --no-undo Trunks/a --no-undo Trunks/b", Terms(no_undo=("Trunks/a", "Trunks/b"))),
        ("push --wait-idle 30s", Terms(wait_idle=30.0)),
        ("rollback --wait-idle 1h --max-calls 0", Terms(wait_idle=3600.0, max_calls=0)),
        ("rollback --overwrite-drift --undo-after 3", Terms(overwrite_drift=True, undo_after=3)),
    ],
)
def test_the_terms_are_what_the_command_line_says(line: str, terms: Terms, run: Run) -> None:
    work = FakeWork()

    assert run(*line.split(), work=work).exit_code == 0
    assert work.terms == terms


@pytest.mark.parametrize(
    ("line", "strategy"),
    [
        ("push", Strategy()),
        ("push --canary branch,depot --max-failures 2", Strategy(canary=("branch", "depot"), max_failures=2)),
        ("rollback --canary branch --canary depot", Strategy(canary=("branch", "depot"))),
        ("push --batch 5", Strategy(batches=(Batch(size=5),))),
        ("push --batch 1,5,25%", Strategy(batches=(Batch(size=1), Batch(size=5), Batch(size=25, is_percent=True)))),
        (
            "push --batch 100% --undo-succeeded",
            Strategy(batches=(Batch(size=100, is_percent=True),), undo_succeeded=True),
        ),
    ],
)
def test_the_strategy_is_what_the_command_line_says(line: str, strategy: Strategy, run: Run) -> None:
    work = FakeWork()

    assert run(*line.split(), work=work).exit_code == 0
    assert work.strategy == strategy


@pytest.mark.parametrize(
    "line",
    [
        "push --wait-idle 10",
        "push --wait-idle ten",
        "push --wait-idle -1m",
        "push --batch 0",
        "push --batch 0%",
        "push --batch 101%",
        "push --batch 1,,5",
        "push --batch five",
        "push --max-failures -1",
        "push --max-cut-off -1",
        "push --canary branch,",
        "push --undo-after 2",
        "rollback --adopt",
        "rollback --resume",
    ],
)
def test_terms_that_make_no_sense_are_a_mistake_of_usage(line: str, run: Run) -> None:
    work = FakeWork()

    assert run(*line.split(), work=work).exit_code == 2
    assert work.asked == []


def test_a_weaker_pbx_is_not_allowed_without_a_reason(run: Run) -> None:
    answer = run("push", "--allow-weaker", " ")

    assert answer.exit_code == 2
    assert "say why" in answer.stderr


def test_only_what_is_left_is_resumed(run: Run) -> None:
    work = FakeWork(names_left=("branch", "depot"))

    run("push", "--resume", work=work)

    assert work.asked == ["load inventory.yaml", "left", "push branch,depot"]


@pytest.mark.parametrize("output_format", ["text", "json"])
def test_where_nothing_is_left_nothing_is_touched(output_format: str, run: Run) -> None:
    work = FakeWork()

    answer = run("push", "--resume", "--format", output_format, work=work)

    assert answer.exit_code == 1
    assert work.asked == ["load inventory.yaml", "left"]
    assert ERROR.code in answer.stdout


def test_what_was_said_aside_is_not_said_again_with_a_refusal(run: Run) -> None:
    answer = run("push", "--resume", work=FakeWork(findings=(WARNING,)))

    assert (answer.stderr.count(WARNING.code), answer.stdout.count(WARNING.code)) == (1, 0)
    assert answer.stdout.endswith("1 error in 1 file: nothing was touched\n")


def test_an_interrupted_run_ends_with_130_and_names_what_was_not_begun(run: Run) -> None:
    work = FakeWork(results=(PROVEN,), is_stopped=True)

    answer = run("push", "--format", "json", work=work)
    told = json.loads(answer.stdout)

    assert told["exit_code"] == answer.exit_code == 130
    assert told["not_begun"] == ["branch", "warehouse", "depot"]


def test_an_interruption_hides_no_undo(run: Run) -> None:
    work = FakeWork(results=(replace(PROVEN, outcome=Outcome.UNDONE),), is_stopped=True)

    assert run("push", work=work).exit_code == 5


def test_an_interruption_after_the_last_pbx_has_kept_nothing_from_being_done(run: Run) -> None:
    work = FakeWork(results=(PROVEN,), is_stopped=True)

    assert run("push", "--limit", "headquarters", work=work).exit_code == 0


def test_what_was_put_back_is_told_of_its_own(run: Run) -> None:
    back = replace(PROVEN, is_put_back=True, generation=3, message="generation 3 is proven")
    work = FakeWork(results=(PROVEN, replace(UNDONE, pbx="branch"), back))

    text = run("push", work=work)
    told = json.loads(run("push", "--format", "json", work=work).stdout)

    assert [result["generation"] for result in told["put_back"]] == [3]
    assert [result["name"] for result in told["pbxs"]] == ["headquarters", "branch"]
    assert told["legs"] == []
    assert "Put back\nPBX " in text.stdout
    last = "2 PBXs: 1 proven, 1 undone; put back: 1 proven; not begun: warehouse, depot"
    assert text.stdout.splitlines()[-1] == last
    assert "headquarters: put back: proven after 2.3 s" in text.stderr


@pytest.mark.parametrize("output_format", ["text", "json"])
def test_a_journal_that_cannot_be_kept_is_a_warning_and_no_failure(
    output_format: str, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "file").touch()
    work = FakeWork(results=(PROVEN,), journals=tmp_path / "file")

    answer = run("push", "--limit", "headquarters", "--format", output_format, work=work)

    assert answer.exit_code == 0
    assert ("PUSH-60" in answer.stderr, "PUSH-60" in answer.stdout) == (
        output_format == "text",
        output_format == "json",
    )


def test_the_journal_says_how_the_command_ended(tmp_path: Path, run: Run) -> None:
    work = FakeWork(results=(replace(PROVEN, outcome=Outcome.UNDONE),), journals=tmp_path)

    run("push", "--allow-weaker", "the old phones go in May", work=work)
    run("rollback", "--to", "3", work=work)
    run("plan", work=work)
    run("verify", work=work)
    newest, oldest = json.loads(run("history", "--format", "json", work=work).stdout)["runs"]

    assert (oldest["command"], oldest["state"], oldest["exit_code"]) == ("push", "finished", 5)
    assert oldest["terms"]["allow_weaker"] == "the old phones go in May"
    assert (newest["command"], newest["generation"]) == ("rollback", 3)


def test_a_name_that_leads_nowhere_is_told_with_the_nearest(run: Run) -> None:
    answer = run("push", "--limit", "brnch")

    assert answer.stderr == "no PBX and no group is called 'brnch'; did you mean 'branch'?\n"


def test_results_are_data_and_progress_and_warnings_stand_beside_them(run: Run) -> None:
    answer = run("verify", work=FakeWork(results=(PROVEN, LEG), findings=(WARNING,)))

    assert answer.stderr.splitlines() == [
        "inventory.yaml:40:3: VER-03 warning: Asterisk 16 has had no security fixes since 2023-10-09",
        "    plan its way to Asterisk 22",
        "headquarters: begun",
        "headquarters: looking",
        "headquarters: proven after 2.3 s",
        "hq-branch: begun",
        "hq-branch: looking",
        "hq-branch: proven after 0.0 s",
    ]
    assert answer.stdout.startswith("PBX ")
    assert answer.stdout.endswith("1 PBX: 1 proven; 1 leg: 1 proven; not begun: branch, warehouse, depot\n")


def test_json_is_all_that_stands_on_stdout(run: Run) -> None:
    work = FakeWork(results=(PLANNED, UNREACHABLE, LEG), findings=(WARNING,))

    answer = run("plan", "sites/", "--format", "json", work=work)
    told = json.loads(answer.stdout)

    assert (told["format_version"], told["command"], told["inventory"]) == (1, "plan", "sites")
    assert [result["name"] for result in told["pbxs"]] == ["headquarters", "depot"]
    assert [result["name"] for result in told["legs"]] == ["hq-branch"]
    assert told["findings"][0]["code"] == "VER-03"
    assert told["exit_code"] == answer.exit_code == 4
    assert "VER-03" not in answer.stderr


def test_json_of_a_refused_inventory_has_its_findings_and_no_pbxs(run: Run) -> None:
    answer = run("push", "--format", "json", work=FakeWork(findings=(ERROR,)))
    told = json.loads(answer.stdout)

    assert (told["pbxs"], told["exit_code"], answer.exit_code) == ([], 1, 1)
    assert told["findings"][0]["place"] == {"file": "inventory.yaml", "line": 12, "column": 9}


@pytest.mark.parametrize(
    ("line", "is_shown"),
    [
        ("plan", False),
        ("plan --no-diff", False),
        ("plan --diff", True),
        ("plan --format json", True),
        ("plan --format json --no-diff", False),
    ],
)
def test_people_see_the_texts_on_demand_and_programs_unless_they_decline(
    line: str, run: Run, *, is_shown: bool
) -> None:
    told = run(*line.split(), work=FakeWork(results=(PLANNED,))).stdout

    assert ("+media_encryption = sdes" in told) is is_shown
    assert "media_encryption" in told
    assert "pjsip.conf" in told


def test_an_unchanged_pbx_is_called_that_and_never_proven(run: Run) -> None:
    answer = run("push", "--limit", "branch", work=FakeWork(results=(UNCHANGED,)))

    assert UNCHANGED.outcome is Outcome.UNCHANGED
    assert answer.exit_code == 0
    assert "unchanged" in answer.stdout
    assert "proven" not in answer.output
