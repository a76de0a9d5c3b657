"""`confgen schema`."""

from __future__ import annotations

import json

import pytest

from confgen.load.bundle import bundle
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("words", "name"), [((), "inventory"), (("inventory",), "inventory"), (("asterisk",), "asterisk")]
)
def test_a_schema_is_printed_in_one_piece(words: tuple[str, ...], name: str, run: Run) -> None:
    told = json.loads(run("schema", *words).stdout)

    assert told == bundle(name)
    assert told["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_a_kind_that_there_is_not_is_told_with_those_that_there_are(run: Run) -> None:
    assert "there is no schema of 'pbx'; there is inventory, asterisk" in run("schema", "pbx").stderr
