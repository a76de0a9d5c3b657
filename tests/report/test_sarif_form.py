"""SARIF, held to the schema that OASIS publishes (unchanged, with its notice, in the folder sarif)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from confgen.model.check import Verdict
from confgen.model.finding import Place, Severity
from confgen.report import sarif_form
from confgen.report.answer import Answer
from tests.report.companies import ONE_PROVEN, THREE, THREE_WITH_TROUBLE, answer
from tests.report.hostile import hostile
from tests.report.samples import CHECKOUT, ERROR, PROVEN, UNREACHABLE, WARNING, check

SCHEMA = json.loads((Path(__file__).parent / "sarif" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
MADE = datetime(2027, 1, 5, 9, 30, tzinfo=UTC)
PLACED = tuple(replace(pbx, place=Place(f"sites/{pbx.name} 1.yaml", 7, 3)) for pbx in THREE)


def run(told: Answer) -> Any:  # noqa: ANN401, JSON
    return json.loads(sarif_form.answer(told, PLACED, MADE, CHECKOUT))["runs"][0]


@pytest.mark.parametrize(
    "told",
    [ONE_PROVEN, THREE_WITH_TROUBLE, hostile(), replace(answer(), findings=(ERROR, WARNING), exit_code=1)],
    ids=["proven", "trouble", "hostile", "refused"],
)
def test_it_is_what_the_schema_wants(told: Answer) -> None:
    jsonschema.Draft4Validator(SCHEMA).validate(json.loads(sarif_form.answer(told, PLACED, MADE, CHECKOUT)))


@pytest.mark.parametrize(
    ("verdict", "level"),
    [
        (Verdict.FAILED, "error"),
        (Verdict.UNKNOWN, "warning"),
        (Verdict.WAIVED, "error"),
        (Verdict.NOT_ENFORCEABLE, "note"),
    ],
)
def test_what_is_not_in_order_is_a_result(verdict: Verdict, level: str) -> None:
    (result,) = run(answer(replace(PROVEN, checks=(check(verdict),))))["results"]

    assert result["level"] == level
    assert bool(result["suppressions"]) is (verdict is Verdict.WAIVED)


@pytest.mark.parametrize("verdict", [Verdict.PASSED, Verdict.PENDING, Verdict.NOT_CHECKED])
def test_what_is_in_order_or_was_not_asked_is_none(verdict: Verdict) -> None:
    assert run(answer(replace(PROVEN, checks=(check(verdict),))))["results"] == []


def test_a_result_points_at_where_its_pbx_is_described() -> None:
    result = next(each for each in run(THREE_WITH_TROUBLE)["results"] if each["ruleId"] == "SRTP-06")

    location = result["locations"][0]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "sites/branch%201.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 7, "startColumn": 3},
    }
    assert location["logicalLocations"] == [{"name": "branch", "kind": "resource"}]


def test_each_rule_is_explained_and_found_by_its_index() -> None:
    told = run(THREE_WITH_TROUBLE)
    rules = told["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == ["CLEAR-04", "SRTP-06"]
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in told["results"])


def test_a_pbx_that_no_check_speaks_of_is_a_notification_and_no_success() -> None:
    (invocation,) = run(replace(answer(UNREACHABLE, exit_code=4), not_begun=("annex",)))["invocations"]

    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 4)
    texts = [notification["message"]["text"] for notification in invocation["toolExecutionNotifications"]]
    assert [text.partition(":")[0] for text in texts] == ["depot", "annex"]


def test_a_rule_leads_to_the_standard_that_asks_for_it() -> None:
    (rule,) = run(answer(replace(PROVEN, checks=(check(Verdict.FAILED, code="TLS-02"),))))["tool"]["driver"]["rules"]

    assert rule["helpUri"].startswith("https://www.rfc-editor.org/rfc/rfc")
    assert "`confgen explain TLS-02`" in rule["help"]["markdown"]
    assert rule["defaultConfiguration"]["level"] == "error"
    assert "TLS" in rule["properties"]["tags"]


def test_a_rule_weighs_what_its_gravest_result_does() -> None:
    told = run(replace(answer(), findings=(replace(ERROR, severity=Severity.NOTE), ERROR)))

    assert [rule["defaultConfiguration"]["level"] for rule in told["tool"]["driver"]["rules"]] == ["error"]
    assert [result["level"] for result in told["results"]] == ["note", "error"]


def test_a_waived_finding_is_suppressed_and_the_others_say_that_they_are_not() -> None:
    waived = replace(ERROR, severity=Severity.NOTE, waiver="waived until 2027-03-31 by Ann: the carrier moves")

    told = run(replace(answer(), findings=(waived, WARNING)))

    assert [result["suppressions"] for result in told["results"]] == [
        [
            {
                "kind": "external",
                "status": "accepted",
                "justification": "waived until 2027-03-31 by Ann: the carrier moves",
            }
        ],
        [],
    ]


def test_no_two_results_are_taken_for_one() -> None:
    told = run(replace(answer(), findings=(ERROR, ERROR, replace(ERROR, subject="2XX"))))

    assert len({result["partialFingerprints"]["confgen/v1"] for result in told["results"]}) == 3


def test_a_result_is_known_again_whatever_its_message_says() -> None:
    def fingerprint(message: str) -> str:
        told: str = run(answer(replace(PROVEN, checks=(check(Verdict.FAILED, message=message),))))["results"][0][
            "partialFingerprints"
        ]["confgen/v1"]
        return told

    assert fingerprint("no answer in 3.1 s") == fingerprint("no answer in 3.2 s")


def test_an_absolute_path_is_a_file_uri() -> None:
    told = run(replace(answer(), findings=(replace(ERROR, place=Place("/etc/my pbx.yaml", 1, 1)),)))

    uri = told["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "file:///etc/my%20pbx.yaml"


def test_much_evidence_is_cut_short() -> None:
    assert len(sarif_form.answer(hostile(), (), MADE, CHECKOUT)) < 300_000


def test_a_pbx_without_an_inventory_has_a_stand_in_for_its_place() -> None:
    result = replace(PROVEN, pbx="sip.example.net:5061", checks=(check(Verdict.FAILED),))

    told = run(replace(answer(result), inventory="", findings=(replace(WARNING, place=None),)))

    assert [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in told["results"]] == [
        "outside/command-line",
        "outside/sip.example.net%3A5061",
    ]
