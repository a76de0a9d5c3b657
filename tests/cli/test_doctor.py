"""`confgen doctor`: what it asks of the fleet, what it says, and what it ends with."""

from __future__ import annotations

import json

import pytest

from confgen.model.found import Found
from confgen.model.result import Outcome, Result
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork

FOUND = (Found(subject="doors", found="tcp 192.0.2.11:5061"),)


def a_fleet(outcome: Outcome) -> FakeWork:
    return FakeWork(results=(Result(pbx="headquarters", outcome=outcome, message="1 thing looked at", found=FOUND),))


@pytest.mark.parametrize(
    ("outcome", "exit_code"),
    [(Outcome.SOUND, 0), (Outcome.FAULTY, 1), (Outcome.UNKNOWN, 4), (Outcome.INTERRUPTED, 130)],
)
def test_it_ends_with_what_was_found(outcome: Outcome, exit_code: int, run: Run) -> None:
    work = a_fleet(outcome)
    answer = run("doctor", "--limit", "headquarters", work=work)
    assert answer.exit_code == exit_code
    assert work.asked == ["load inventory.yaml", "examine headquarters"]
    assert "tcp 192.0.2.11:5061" in answer.stdout
    assert "No password, key or token is in this" in answer.stdout


def test_programs_are_told_what_ran(run: Run) -> None:
    answer = json.loads(run("doctor", "--format", "json", work=a_fleet(Outcome.SOUND)).stdout)
    assert answer["command"] == "doctor"
    assert {"confgen", "Python", "OpenSSL", "paramiko"} <= answer["about"].keys()
    assert answer["pbxs"][0]["found"][0]["found"] == "tcp 192.0.2.11:5061"


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_anonymous_report_names_nobody(form: str, run: Run) -> None:
    shown = run("doctor", "-l", "headquarters", "--anonymous", "--format", form, work=a_fleet(Outcome.SOUND)).stdout
    assert "headquarters" not in shown
    assert "192.0.2.11" not in shown
    assert "tcp address-1:5061" in shown
