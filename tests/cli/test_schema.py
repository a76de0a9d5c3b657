"""`confgen schema`."""

from __future__ import annotations

import json

import pytest

from confgen import resources
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("words", "name"), [((), "inventory"), (("inventory",), "inventory"), (("asterisk",), "asterisk")]
)
def test_a_schema_is_printed_byte_by_byte(words: tuple[str, ...], name: str, run: Run) -> None:
    answer = run("schema", *words)

    assert answer.stdout == resources.schema_text(name)
    assert json.loads(answer.stdout)["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_a_kind_that_there_is_not_is_told_with_those_that_there_are(run: Run) -> None:
    assert "there is no schema of 'pbx'; there is inventory, asterisk" in run("schema", "pbx").stderr
