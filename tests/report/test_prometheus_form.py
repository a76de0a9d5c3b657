"""The text format of Prometheus, read by a reader of its grammar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from confgen.model.result import Outcome
from confgen.report import prometheus_form
from confgen.report.answer import Answer
from tests.report.companies import ONE_PROVEN, THREE_WITH_TROUBLE, answer, proven
from tests.report.hostile import hostile
from tests.report.samples import LEG, WARNING

MADE = datetime(2027, 1, 5, 9, 30, tzinfo=UTC)
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(?:,|$)')
_SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\d+)")


def samples(told: Answer) -> Mapping[tuple[str, str], int]:
    """By name and labels as they are written; everything is held to the grammar."""
    found: dict[tuple[str, str], int] = {}
    declared = ""
    for line in prometheus_form.answer(told, MADE).split("\n"):
        if line.startswith("# HELP "):
            declared = line.split(" ")[2]
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {declared} gauge"
        else:
            sample = _SAMPLE.fullmatch(line)
            assert sample is not None, line
            name, labels, value = sample.groups()
            assert name == declared
            assert _LABEL.sub("", labels or "") == ""
            assert (name, labels or "") not in found
            found[name, labels or ""] = int(value)
    return found


@pytest.mark.parametrize("told", [ONE_PROVEN, THREE_WITH_TROUBLE, hostile()], ids=["proven", "trouble", "hostile"])
def test_it_is_well_formed(told: Answer) -> None:
    assert samples(told)


def test_only_what_is_proven_is_one() -> None:
    found = samples(THREE_WITH_TROUBLE)

    proven = {labels: value for (name, labels), value in found.items() if name == "confgen_pbx_proven"}
    assert proven == {'pbx="headquarters"': 1, 'pbx="branch"': 0, 'pbx="warehouse"': 0}
    legs = {labels: value for (name, labels), value in found.items() if name == "confgen_leg_proven"}
    assert legs == {'leg="hq-branch"': 1, 'leg="hq-warehouse"': 0, 'leg="hq-carrier"': 1}


def test_what_was_not_asked_for_is_no_reason_for_an_alarm() -> None:
    found = samples(answer(replace(proven("office"), outcome=Outcome.PROVEN_IN_PART)))

    assert found["confgen_pbx_proven", 'pbx="office"'] == 1
    assert found["confgen_pbx_outcome", 'pbx="office",outcome="proven in part"'] == 1


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.PROVEN, Outcome.PROVEN_IN_PART}, key=str))
def test_no_other_outcome_counts_as_proven(outcome: Outcome) -> None:
    found = samples(answer(replace(proven("office"), outcome=outcome)))

    assert found["confgen_pbx_proven", 'pbx="office"'] == 0
    assert found["confgen_pbx_outcome", f'pbx="office",outcome="{outcome.value}"'] == 1


def test_what_the_run_did_not_come_to_is_not_proven() -> None:
    found = samples(replace(answer(), not_begun=("annex",)))

    assert found["confgen_pbx_proven", 'pbx="annex"'] == 0


def test_a_leg_that_nobody_asked_for_alarms_nobody() -> None:
    found = samples(answer(proven("office"), legs=(replace(LEG, outcome=Outcome.NOT_CHECKED),)))

    assert ("confgen_leg_proven", 'leg="hq-branch"') not in found
    assert found["confgen_leg_outcome", 'leg="hq-branch",outcome="not checked"'] == 1


def test_every_verdict_of_a_level_has_its_number_so_that_no_series_comes_and_goes() -> None:
    found = samples(THREE_WITH_TROUBLE)

    assert found["confgen_checks", 'pbx="branch",level="downgrade",verdict="failed"'] == 1
    assert found["confgen_checks", 'pbx="headquarters",level="downgrade",verdict="failed"'] == 0


def test_a_run_that_was_refused_still_has_an_exit_code_a_time_and_its_findings() -> None:
    found = samples(replace(answer(), findings=(WARNING,), exit_code=1))

    assert found["confgen_verify_exit_code", ""] == 1
    assert found["confgen_verify_timestamp_seconds", ""] == int(MADE.timestamp())
    assert found["confgen_findings", 'severity="warning"'] == 1


def test_a_certificate_has_the_time_at_which_it_ends_and_of_several_the_first() -> None:
    office = proven("office")
    checks = tuple(replace(office.checks[2], ends_at=MADE + timedelta(days=days)) for days in (90, 30))

    found = samples(answer(replace(office, checks=(*office.checks, *checks))))

    assert {key: value for key, value in found.items() if key[0].startswith("confgen_certificate")} == {
        (
            "confgen_certificate_ends_timestamp_seconds",
            'pbx="office",subject="192.0.2.1:5061 handshake"',
        ): int(MADE.timestamp()) + 30 * 86400
    }
