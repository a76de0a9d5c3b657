"""plan, push, verify and rollback: what they ask of the fleet, and where their words go."""

from __future__ import annotations

import json

import pytest

from confgen.model.result import Outcome
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
from tests.report.samples import ERROR, LEG, PLANNED, PROVEN, UNCHANGED, UNREACHABLE, WARNING

ALL = "headquarters,branch,warehouse,depot"


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("plan", f"plan {ALL}"),
        ("plan sites -l branch", "plan branch"),
        ("plan --limit branch,ware*", "plan branch,warehouse"),
        ("plan -l branch -l headquarters", "plan headquarters,branch"),
        ("push", f"push adopt=False overwrite_drift=False {ALL}"),
        ("push --adopt -l branch", "push adopt=True overwrite_drift=False branch"),
        ("push --overwrite-drift", f"push adopt=False overwrite_drift=True {ALL}"),
        ("verify --limit branch", "verify branch"),
        ("rollback", f"rollback generation=None {ALL}"),
        ("rollback --to 0 -l branch", "rollback generation=0 branch"),
    ],
)
def test_the_fleet_is_asked_what_the_command_line_says(line: str, asked: str, run: Run) -> None:
    work = FakeWork()

    run(*line.split(), work=work)

    assert work.asked == [f"load {'sites' if 'sites' in line else 'inventory.yaml'}", asked]


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
