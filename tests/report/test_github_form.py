"""Commands of a GitHub workflow: a line each, and none that an inventory could smuggle in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import unquote

import pytest

from confgen.model.check import Verdict
from confgen.model.finding import Place, Severity
from confgen.report import github_form
from confgen.report.answer import Answer
from tests.report.companies import ONE_PROVEN, THREE, answer
from tests.report.hostile import hostile
from tests.report.samples import CHECKOUT, ERROR, NOTE, PROVEN, UNREACHABLE, WARNING, check

COMMAND = re.compile(r"::(?P<name>error|warning|notice) (?P<properties>[^:\r\n]*)::(?P<data>[^\r\n]+)")


def commands(told: Answer) -> list[tuple[str, Mapping[str, str], str]]:
    """As GitHub's runner reads them: name, properties, message."""
    read: list[tuple[str, Mapping[str, str], str]] = []
    for line in github_form.answer(told, THREE, CHECKOUT).splitlines():
        match = COMMAND.fullmatch(line)
        assert match is not None, line
        pairs = (pair.split("=", 1) for pair in match["properties"].split(","))
        read.append((match["name"], {name: unquote(value) for name, value in pairs}, unquote(match["data"])))
    return read


def test_a_finding_is_shown_beside_its_line() -> None:
    assert commands(replace(answer(), findings=(ERROR, WARNING))) == [
        (
            "error",
            {"file": "inventory.yaml", "line": "12", "col": "9", "title": "REF-02"},
            f"{ERROR.message}\n{ERROR.mend}",
        ),
        (
            "warning",
            {"file": "inventory.yaml", "line": "40", "col": "3", "title": "VER-03"},
            f"{WARNING.message}\n{WARNING.mend}",
        ),
    ]


def test_one_without_a_place_says_what_it_is_about() -> None:
    assert commands(replace(answer(), findings=(NOTE,))) == [
        ("notice", {"title": "PUSH-16"}, "warehouse: logged at activation:\nread it")
    ]


def test_what_is_waived_is_a_notice_and_says_until_when() -> None:
    waived = replace(ERROR, severity=Severity.NOTE, waiver="waived until 2027-03-31 by Ann: it moves")

    ((name, _, message),) = commands(replace(answer(), findings=(waived,)))

    assert name == "notice"
    assert "waived until 2027-03-31 by Ann: it moves" in message.splitlines()


@pytest.mark.parametrize(
    ("verdict", "name"), [(Verdict.FAILED, "error"), (Verdict.UNKNOWN, "warning"), (Verdict.WAIVED, "notice")]
)
def test_a_check_that_did_not_pass_is_one_too(verdict: Verdict, name: str) -> None:
    ((told, properties, _),) = commands(answer(replace(PROVEN, checks=(check(verdict),))))

    assert (told, properties["title"]) == (name, "TLS-04")


def test_a_pbx_that_no_check_speaks_of_is_an_error() -> None:
    assert [name for name, _, _ in commands(answer(UNREACHABLE))] == ["error"]


def test_where_nothing_is_wrong_nothing_is_said() -> None:
    assert github_form.answer(ONE_PROVEN, (), CHECKOUT) == ""


def test_no_text_ends_a_command_or_begins_another() -> None:
    told = hostile()
    sly = replace(ERROR, message="100%\n::error::x", mend="a\r\n::stop-commands::y", place=Place("a,b:c%.yaml", 1, 1))

    for name, _, _ in commands(replace(told, findings=(*told.findings, sly))):
        assert name in {"error", "warning", "notice"}

    ((_, properties, message),) = commands(replace(answer(), findings=(sly,)))
    assert properties["file"] == "a,b:c%.yaml"
    assert message == "100% ::error::x\na ::stop-commands::y"
