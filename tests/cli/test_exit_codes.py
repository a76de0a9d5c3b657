"""What the commands end with."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from confgen.cli.exit_code import gravest
from confgen.model.finding import Finding
from confgen.model.result import EXIT_CODES, Outcome
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
from tests.report.samples import ERROR, NOTE, PROVEN, WARNING

GRAVEST_FIRST = (6, 5, 130, 1, 4, 3, 0)


@pytest.mark.parametrize("pair", list(permutations(range(len(GRAVEST_FIRST)), 2)))
def test_a_fleet_ends_with_the_gravest(pair: tuple[int, int]) -> None:
    assert gravest(GRAVEST_FIRST[place] for place in pair) == GRAVEST_FIRST[min(pair)]


def test_every_outcome_has_its_place_among_the_exit_codes() -> None:
    assert set(EXIT_CODES) == set(Outcome)
    assert gravest(EXIT_CODES.values()) == 6


@pytest.mark.parametrize("command", ["plan", "push", "verify", "rollback"])
@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("output_format", ["text", "json"])
def test_a_command_ends_with_what_became_of_its_pbxs(
    command: str, outcome: Outcome, output_format: str, run: Run
) -> None:
    work = FakeWork(results=(PROVEN, replace(PROVEN, pbx="branch", outcome=outcome)))

    answer = run(command, "--format", output_format, work=work)

    assert answer.exit_code == EXIT_CODES[outcome]


@pytest.mark.parametrize("command", ["plan", "push", "verify", "rollback", "render --out x", "render --out x --reveal"])
def test_an_inventory_with_errors_is_told_and_nothing_is_touched(command: str, run: Run) -> None:
    work = FakeWork(findings=(ERROR, WARNING))

    answer = run(*command.split(), work=work)

    assert answer.exit_code == 1
    assert answer.stdout.splitlines()[0].startswith("inventory.yaml:12:9: REF-02 the route leads")
    assert answer.stdout.splitlines()[-1] == "1 error, 1 warning in 1 file: nothing was touched"
    assert work.asked == ["load inventory.yaml"]


@pytest.mark.parametrize(
    ("words", "findings", "exit_code"),
    [
        ((), (), 0),
        ((), (WARNING, NOTE), 0),
        ((), (ERROR,), 1),
        (("--fail-on", "warning"), (NOTE,), 0),
        (("--fail-on", "warning"), (WARNING,), 1),
        (("--fail-on", "warning"), (ERROR,), 1),
        (("--fail-on", "note"), (NOTE,), 1),
        (("--fail-on", "note"), (), 0),
    ],
)
def test_validate_fails_on_errors_or_what_it_is_told_to_fail_on(
    words: tuple[str, ...], findings: tuple[Finding, ...], exit_code: int, run: Run
) -> None:
    assert run("validate", *words, work=FakeWork(findings=findings)).exit_code == exit_code


@pytest.mark.parametrize(
    "words",
    [
        ("nosuch",),
        ("plan", "--nosuch"),
        ("plan", "a.yaml", "b.yaml"),
        ("plan", "--limit", "hq"),
        ("plan", "--limit", ""),
        ("plan", "--limit", "branch,"),
        ("plan", "--format", "xml"),
        ("rollback", "--to", "-1"),
        ("rollback", "--to", "first"),
        ("render",),
        ("schema", "nosuch"),
        ("schema", "../pyproject"),
        ("explain",),
        ("explain", "NOSUCH-01"),
        ("explain", "LOAD-01", "--list"),
        ("validate", "--fail-on", "everything"),
    ],
    ids=" ".join,
)
def test_a_mistake_of_usage_is_exit_2_and_touches_nothing(words: tuple[str, ...], run: Run) -> None:
    work = FakeWork()

    answer = run(*words, work=work)

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr
    assert work.asked in ([], ["load inventory.yaml"])
