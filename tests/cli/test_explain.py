"""`confgen explain`."""

from __future__ import annotations

import json

import pytest

from confgen.model.codes import EXPLANATIONS
from tests.cli.conftest import Run


@pytest.mark.parametrize("code", ["LOAD-10", "load-10"])
def test_a_code_is_explained_with_its_mend(code: str, run: Run) -> None:
    answer = run("explain", code)
    explanation = EXPLANATIONS["LOAD-10"]

    assert answer.exit_code == 0
    assert answer.stdout.startswith(f"LOAD-10  {explanation.title}\n\n")
    assert "How to mend it: " in answer.stdout
    assert explanation.meaning in " ".join(answer.stdout.split())
    assert max(map(len, answer.stdout.splitlines())) <= 88


def test_a_code_that_there_is_not_is_told_with_the_nearest(run: Run) -> None:
    answer = run("explain", "LAOD-10")

    assert answer.exit_code == 2
    assert "there is no code LAOD-10; is it LOAD-1" in answer.stderr


def test_every_code_has_its_line_in_the_list(run: Run) -> None:
    listed = run("explain", "--list").stdout.splitlines()[1:]

    assert [line.split()[0] for line in listed] == sorted(EXPLANATIONS)


@pytest.mark.parametrize("words", ["--list", "LOAD-10"])
def test_explanations_are_had_as_json(words: str, run: Run) -> None:
    told = json.loads(run("explain", words, "--format", "json").stdout)

    codes = [explanation["code"] for explanation in told["explanations"]]
    assert told["format_version"] == 1
    assert codes == (sorted(EXPLANATIONS) if words == "--list" else ["LOAD-10"])
    assert all(
        set(each) == {"code", "title", "meaning", "mend", "source", "example", "standards", "severity", "is_waivable"}
        for each in told["explanations"]
    )


def test_a_rule_tells_its_weight_in_each_profile_and_what_to_write_to_waive_it(run: Run) -> None:
    told = run("explain", "VER-03").stdout
    (as_json,) = json.loads(run("explain", "VER-03", "--format", "json").stdout)["explanations"]

    assert "Severity: warning in baseline, error in strict and bsi." in told
    assert '    - {rule: VER-03, pbx: …, subject: "*", owner: …, reason: …, until: "2027-03-31"}' in told
    assert as_json["severity"] == {"baseline": "warning", "strict": "error", "bsi": "error"}
    assert as_json["is_waivable"] is True


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("REF-02", "It can be neither weighed otherwise nor waived"),
        ("DIAL-10", "It can be weighed more, and neither weighed less nor waived"),
    ],
)
def test_what_must_stand_says_so(code: str, words: str, run: Run) -> None:
    told = run("explain", code).stdout

    assert words in " ".join(told.split())
    assert "waivers:" not in told


def test_the_list_has_the_weights_of_rules_and_says_of_the_rest_that_they_are_fixed(run: Run) -> None:
    lines = {line.split()[0]: line.split()[1:4] for line in run("explain", "--list").stdout.splitlines()}

    assert lines["POL-02"] == ["warning", "error", "error"]
    assert lines["REF-02"] == ["fixed", "fixed", "fixed"]
