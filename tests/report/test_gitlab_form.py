"""Code Quality of GitLab: the fields that its documentation demands, and no two issues taken for one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from confgen.model.finding import Place, Severity
from confgen.report import gitlab_form
from confgen.report.answer import Answer
from tests.report.companies import ONE_PROVEN, THREE, THREE_WITH_TROUBLE, answer
from tests.report.hostile import hostile
from tests.report.samples import CHECKOUT, ERROR, NOTE, UNREACHABLE, WARNING

# What https://docs.gitlab.com/ci/testing/code_quality/ asks for.
REPORT = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "not": {"pattern": "^\\./"}},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def issues(told: Answer) -> list[Any]:
    read: list[Any] = json.loads(gitlab_form.answer(told, THREE, CHECKOUT))
    return read


@pytest.mark.parametrize(
    "told",
    [ONE_PROVEN, THREE_WITH_TROUBLE, hostile(), answer(UNREACHABLE), replace(answer(), findings=(ERROR, NOTE))],
    ids=["proven", "trouble", "hostile", "unreachable", "refused"],
)
def test_it_is_what_gitlab_asks_for(told: Answer) -> None:
    jsonschema.Draft202012Validator(REPORT).validate(issues(told))


def test_an_issue_says_what_where_and_how_to_mend_it() -> None:
    (issue,) = issues(replace(answer(), findings=(ERROR,)))

    assert issue["check_name"] == "REF-02"
    assert issue["description"] == f"{ERROR.message}; {ERROR.mend}"
    assert issue["location"] == {"path": "inventory.yaml", "lines": {"begin": 12}}


def test_weights_are_told_apart_and_what_is_waived_is_for_information() -> None:
    waived = replace(ERROR, waiver="waived until 2027-03-31 by Ann: it moves")

    told = issues(replace(answer(), findings=(ERROR, WARNING, replace(WARNING, severity=Severity.NOTE), waived)))

    assert [issue["severity"] for issue in told] == ["critical", "minor", "info", "info"]
    assert "waived until 2027-03-31 by Ann: it moves" in told[-1]["description"]


def test_no_two_issues_have_one_fingerprint_and_each_keeps_its_own() -> None:
    told = replace(answer(), findings=(ERROR, ERROR, WARNING))

    fingerprints = [issue["fingerprint"] for issue in issues(told)]

    assert len(set(fingerprints)) == 3
    moved = replace(ERROR, place=replace(WARNING.place, line=99)) if WARNING.place else ERROR
    assert fingerprints[0] == issues(replace(told, findings=(moved,)))[0]["fingerprint"]


def test_where_nothing_is_wrong_the_list_is_empty() -> None:
    assert gitlab_form.answer(ONE_PROVEN, (), CHECKOUT) == "[]"


def test_a_pbx_that_no_check_speaks_of_is_an_issue() -> None:
    assert [issue["severity"] for issue in issues(answer(UNREACHABLE))] == ["critical"]


def test_no_name_of_a_file_steers_who_reads_it() -> None:
    (issue,) = issues(replace(answer(), findings=(replace(ERROR, place=Place("a\x1b\u202e.yaml", 1, 1)),)))

    assert issue["location"]["path"] == "a\\x1b\\u202e.yaml"
