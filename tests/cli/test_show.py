"""`confgen show`."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
from tests.report.samples import ERROR, WARNING


def test_the_values_of_the_chosen_pbxs_are_shown(run: Run) -> None:
    answer = run("show", "--limit", "branch")

    assert answer.exit_code == 0
    assert answer.stdout == "pbxs.branch\nkey       value  from\nsip.port  5061   built in\n"


def test_values_are_shown_as_an_inventory(run: Run) -> None:
    answer = run("show", "--limit", "branch", "--format", "yaml")

    assert answer.stdout == "version: 1\npbxs:\n  branch:\n    sip:\n      port: 5061  # built in\n"


def test_values_are_shown_to_programs(run: Run) -> None:
    answer = run("show", "sites", "--limit", "branch", "--format", "json")

    assert json.loads(answer.stdout) == {
        "format_version": 1,
        "command": "show",
        "inventory": "sites",
        "values": [{"path": ["pbxs", "branch", "sip", "port"], "value": 5061, "origin": "built in", "place": None}],
    }


@pytest.mark.parametrize(("finding", "exit_code"), [(ERROR, 1), (WARNING, 0)])
def test_values_are_shown_beside_what_is_wrong(run: Run, finding: object, exit_code: int) -> None:
    answer = run("show", work=FakeWork(findings=(finding,)))  # type: ignore[arg-type]

    assert answer.exit_code == exit_code
    assert "5061" in answer.stdout
    assert finding.code in answer.stderr  # type: ignore[attr-defined]
