"""How far a verification goes is what the command line says."""

from __future__ import annotations

import pytest

from confgen.model.check import Level
from confgen.model.depth import Depth
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork


@pytest.mark.parametrize(
    ("line", "depth"),
    [
        ("verify", Depth()),
        ("verify --level tls", Depth(levels=frozenset({Level.TLS}))),
        ("verify --level tls,clear", Depth(levels=frozenset({Level.TLS, Level.CLEAR}))),
        ("verify --level state --level call", Depth(levels=frozenset({Level.STATE, Level.CALL}))),
        ("verify --long", Depth(is_long=True)),
    ],
)
def test_the_depth_is_what_the_command_line_says(line: str, depth: Depth, run: Run) -> None:
    work = FakeWork()

    assert run(*line.split(), work=work).exit_code == 0
    assert work.depth == depth


@pytest.mark.parametrize(
    ("levels", "words"), [("tls,clera", "known are state, tls, clear"), ("", "name levels, or leave --level out")]
)
def test_a_level_that_does_not_exist_is_a_mistake_of_usage(levels: str, words: str, run: Run) -> None:
    work = FakeWork()

    answer = run("verify", "--level", levels, work=work)

    assert answer.exit_code == 2
    assert words in answer.stderr
    assert work.asked == []
