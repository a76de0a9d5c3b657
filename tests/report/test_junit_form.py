"""JUnit XML, as Jenkins and its kin read it: nothing that is not proven looks as if it were."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from junitparser import JUnitXml

from confgen.model.check import Verdict
from confgen.model.finding import Finding, Severity
from confgen.model.result import Outcome
from confgen.report import junit_form
from confgen.report.answer import Answer
from tests.report.companies import INVITE, ONE_PROVEN, THREE_WITH_TROUBLE, answer, failed, measured, proven
from tests.report.hostile import STEERING, hostile
from tests.report.samples import ERROR, PROVEN, UNREACHABLE, WARNING, check

MADE = datetime(2027, 1, 5, 9, 30, tzinfo=UTC)
# The structure that Jenkins' jenkins-junit.xsd allows, of what is used here: attributes, then children.
STRUCTURE = {
    "testsuites": ({"name", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
        {"testcase"},
    ),
    "testcase": ({"classname", "name"}, {"skipped", "error", "failure", "system-out"}),
    "skipped": ({"message"}, set()),
    "error": ({"type", "message"}, set()),
    "failure": ({"type", "message"}, set()),
    "system-out": (set(), set()),
}


def read(told: Answer) -> ET.Element:
    return ET.fromstring(junit_form.answer(told, MADE).encode())  # noqa: S314, our own


def ended(case: ET.Element) -> str:
    return next((child.tag for child in case if child.tag != "system-out"), "passed")


@pytest.mark.parametrize("told", [ONE_PROVEN, THREE_WITH_TROUBLE, hostile()], ids=["proven", "trouble", "hostile"])
def test_it_has_the_structure_that_is_read(told: Answer) -> None:
    root = read(told)

    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = STRUCTURE[element.tag]
        assert element.attrib.keys() == attributes
        assert {child.tag for child in element} <= children
    for suite in root:
        ends = [ended(case) for case in suite]
        counted = {"tests": len(ends), "failures": ends.count("failure"), "errors": ends.count("error")}
        assert {name: int(suite.attrib[name]) for name in counted} == counted
        assert int(suite.attrib["skipped"]) == ends.count("skipped")
        assert len({case.attrib["name"] for case in suite}) == len(ends)
    assert int(root.attrib["tests"]) == sum(len(suite) for suite in root)


@pytest.mark.parametrize(
    ("verdict", "as_what"),
    [
        (Verdict.PASSED, "passed"),
        (Verdict.FAILED, "failure"),
        (Verdict.UNKNOWN, "error"),
        (Verdict.PENDING, "skipped"),
        (Verdict.NOT_CHECKED, "skipped"),
        (Verdict.WAIVED, "skipped"),
        (Verdict.NOT_ENFORCEABLE, "skipped"),
    ],
)
def test_only_what_passed_passes(verdict: Verdict, as_what: str) -> None:
    (case,) = read(answer(replace(PROVEN, checks=(check(verdict),)))).iter("testcase")

    assert ended(case) == as_what


def test_there_is_a_suite_for_each_pbx_and_one_for_the_legs() -> None:
    suites = {suite.attrib["name"]: len(suite) for suite in read(THREE_WITH_TROUBLE)}

    assert suites == {"headquarters": 6, "branch": 6, "warehouse": 1, "legs": 9}


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.REFUSED, Outcome.UNDO_FAILED, Outcome.INTERRUPTED])
def test_a_pbx_that_no_check_speaks_of_is_an_error(outcome: Outcome) -> None:
    (case,) = read(answer(replace(UNREACHABLE, outcome=outcome))).iter("testcase")

    assert (case.attrib["name"], ended(case)) == ("outcome", "error")


def test_a_pbx_that_was_not_begun_is_an_error() -> None:
    (case,) = read(replace(answer(), not_begun=("annex",))).iter("testcase")

    assert (case.attrib["classname"], ended(case)) == ("confgen.annex", "error")


def test_errors_of_the_inventory_fail_and_warnings_do_not() -> None:
    cases = list(read(replace(answer(), findings=(ERROR, WARNING))).iter("testcase"))

    assert [ended(case) for case in cases] == ["failure", "passed"]
    assert "mend: write trunk: hq-branch" in (cases[0][0].text or "")


def test_a_failure_has_its_mend_and_its_evidence() -> None:
    failure = next(read(answer(failed("branch"))).iter("failure"))

    assert "mend: `confgen push --overwrite-drift`" in (failure.text or "")
    assert INVITE.text.splitlines()[0] in (failure.text or "")


def test_the_same_check_twice_is_two_cases() -> None:
    twice = (measured("TLS-04", check(Verdict.PASSED).level, "port", "closed"),) * 2

    names = [case.attrib["name"] for case in read(answer(replace(proven("a"), checks=twice))).iter("testcase")]

    assert names == ["TLS-04 port", "TLS-04 port (2)"]


def test_hostile_words_break_nothing_and_much_of_them_is_cut_short() -> None:
    told = junit_form.answer(hostile(), MADE)

    assert not set(STEERING) & set(told)
    assert "<script" not in told
    assert len(told) < 300_000


def judged(*findings: Finding, grave: frozenset[Severity] = frozenset({Severity.ERROR})) -> JUnitXml:
    """What a JUnit parser reads of `validate` on two PBXs."""
    told = Answer(
        command="validate",
        inventory="inventory.yaml",
        findings=findings,
        judged=("branch", "depot"),
        grave=grave,
        exit_code=0,
    )
    return JUnitXml.fromstring(junit_form.answer(told, MADE).encode())


def endings(told: JUnitXml) -> dict[str, list[tuple[str, str]]]:
    return {
        suite.name: [(case.name, type(case.result[0]).__name__ if case.result else "passed") for case in suite]
        for suite in told
    }


def test_each_pbx_of_a_good_inventory_has_passed() -> None:
    told = judged()

    assert endings(told) == {name: [("validate", "passed")] for name in ("inventory", "branch", "depot")}
    assert (told.tests, told.failures, told.errors) == (3, 0, 0)


def test_a_finding_is_told_with_the_pbx_that_it_is_about() -> None:
    told = judged(ERROR, WARNING, replace(WARNING, pbx="depot"))

    assert endings(told) == {
        "inventory": [("validate", "passed"), ("VER-03 inventory.yaml", "passed")],
        "branch": [("REF-02 inventory.yaml", "Failure")],
        "depot": [("validate", "passed"), ("VER-03 inventory.yaml", "passed")],
    }
    assert told.failures == 1


def test_what_makes_the_command_fail_is_a_failure() -> None:
    told = judged(WARNING, grave=frozenset({Severity.ERROR, Severity.WARNING}))

    assert endings(told)["inventory"] == [("VER-03 inventory.yaml", "Failure")]


def test_a_waived_finding_is_skipped_and_says_until_when() -> None:
    told = judged(replace(WARNING, severity=Severity.NOTE, waiver="waived until 2027-03-31 by Ann: it moves"))

    (_, case), *_ = told
    assert endings(told)["inventory"][1] == ("VER-03 inventory.yaml", "Skipped")
    assert case.result[0].message.startswith("waived until 2027-03-31 by Ann: it moves: ")


@pytest.mark.parametrize("told", [ONE_PROVEN, THREE_WITH_TROUBLE, hostile()], ids=["proven", "trouble", "hostile"])
def test_a_parser_counts_what_is_counted(told: Answer) -> None:
    read_back = JUnitXml.fromstring(junit_form.answer(told, MADE).encode())
    counted = (read_back.tests, read_back.failures, read_back.errors)

    read_back.update_statistics()  # type: ignore[no-untyped-call]

    assert counted == (read_back.tests, read_back.failures, read_back.errors)
