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
    assert all(set(each) == {"code", "title", "meaning", "mend", "source", "example"} for each in told["explanations"])
