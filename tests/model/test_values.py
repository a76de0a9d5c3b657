"""Versions compare as releases do, findings have one order, and every outcome has its exit code."""

from __future__ import annotations

import pickle

import pytest

from confgen.model.check import Level, Question, Vantage, Verdict
from confgen.model.document import Impact
from confgen.model.finding import Finding, Place
from confgen.model.result import EXIT_CODES, Outcome, Result
from confgen.model.version import ProductVersion


@pytest.mark.parametrize(
    ("text", "version"),
    [("22", (22, 0, 0)), ("22.10", (22, 10, 0)), ("22.10.1", (22, 10, 1)), ("016.028.0", (16, 28, 0))],
)
def test_a_version_is_read(text: str, version: tuple[int, int, int]) -> None:
    assert ProductVersion.parse(text) == ProductVersion(*version)


@pytest.mark.parametrize("text", ["", "22.", "22.10.1.2", "v22", "22.10.1-rc1", "22 ", " 22", "22\n", "1234", "-1"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a version such as"):
        ProductVersion.parse(text)


def test_versions_are_ordered_as_releases_are() -> None:
    ordered = [ProductVersion.parse(text) for text in ("16.28.0", "18.9.0", "18.10.0", "18.10.1", "22", "22.0.1")]
    assert sorted(ordered[3:] + ordered[:3]) == ordered
    assert str(ordered[4]) == "22.0.0"


def test_findings_are_ordered_by_place_as_numbers_then_by_pbx_and_code() -> None:
    def finding(code: str, line: int | None, pbx: str | None = None) -> Finding:
        place = None if line is None else Place("a.yaml", line, 1)
        return Finding(code=code, message="", mend="", place=place, pbx=pbx)

    ordered = [
        finding("B-01", None),
        finding("B-01", 2),
        finding("A-01", 10),
        finding("B-01", 10),
        finding("A-01", 10, "x"),
    ]
    assert sorted(ordered[3:] + ordered[:3], key=Finding.sort_key) == ordered
    assert str(Place("a.yaml", 2, 9)) == "a.yaml:2:9"


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.UNCHANGED, 0),
        (Outcome.PROVEN, 0),
        (Outcome.RESTORED, 0),
        (Outcome.PENDING, 0),
        (Outcome.NOT_PROVEN, 1),
        (Outcome.REFUSED, 1),
        (Outcome.PLANNED, 3),
        (Outcome.UNKNOWN, 4),
        (Outcome.UNDONE, 5),
        (Outcome.UNDO_FAILED, 6),
        (Outcome.INTERRUPTED, 130),
    ],
)
def test_an_outcome_has_its_exit_code(outcome: Outcome, code: int) -> None:
    assert Result(pbx="x", outcome=outcome, message="").exit_code == code


def test_no_outcome_is_without_an_exit_code() -> None:
    assert EXIT_CODES.keys() == set(Outcome)


def test_a_result_pickles() -> None:
    question = Question(code="TLS-05", level=Level.TLS, subject="tls", vantage=Vantage.OPERATOR)
    result = Result(pbx="x", outcome=Outcome.PROVEN, message="", checks=(question.passed("good"),))
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 -- our own value


def test_an_answer_keeps_its_question_and_gets_its_verdict() -> None:
    question = Question(code="TLS-05", level=Level.TLS, subject="tls", vantage=Vantage.HOST)
    checks = [question.passed("a"), question.failed("b", "mend"), question.unknown("c"), question.pending("d")]
    assert [check.verdict for check in checks] == [
        Verdict.PASSED,
        Verdict.FAILED,
        Verdict.UNKNOWN,
        Verdict.PENDING,
    ]
    assert {(check.code, check.level, check.subject, check.vantage) for check in checks} == {
        ("TLS-05", Level.TLS, "tls", Vantage.HOST)
    }


def test_the_gravest_impact_is_the_greatest() -> None:
    assert max(Impact) is Impact.PROCESS_RESTART
    assert [impact.words for impact in Impact] == ["none", "reload", "transport restart", "process restart"]
