"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import Callable

import click.testing
import pytest

from confgen.cli import main
from tests.cli.fakes import FakeWork

Run = Callable[..., click.testing.Result]


@pytest.fixture
def run() -> Run:
    """Run the program with words of a command line, on a fake fleet."""

    def run_program(*words: str, work: FakeWork | None = None, **settings: object) -> click.testing.Result:
        return click.testing.CliRunner().invoke(main, words, obj=work or FakeWork(), **settings)  # type: ignore[arg-type]

    return run_program
