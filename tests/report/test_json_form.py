"""JSON for programs, held to a schema of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from confgen.model.check import Evidence
from confgen.report import json_form
from confgen.report.answer import Answer
from tests.report.samples import (
    ERROR,
    FIRST_PUSH,
    LEG,
    NOTE,
    PENDING_LEG,
    PLANNED,
    PROVEN,
    UNCHANGED,
    UNDO_FAILED,
    UNDONE,
    UNREACHABLE,
    WARNING,
)

SCHEMA = json.loads(Path(__file__).with_name("answer.schema.json").read_text(encoding="utf-8"))
FULL = Answer(
    command="push",
    inventory="inventory.yaml",
    findings=(ERROR, WARNING, NOTE),
    pbxs=(PLANNED, FIRST_PUSH, UNCHANGED, UNREACHABLE, PROVEN, UNDONE, UNDO_FAILED),
    put_back=(replace(PROVEN, is_put_back=True),),
    legs=(LEG, PENDING_LEG),
    not_begun=("annex",),
    exit_code=6,
)
EMPTY = Answer(command="validate", inventory="inventory.yaml", findings=(), exit_code=0)


@pytest.mark.parametrize("told", [FULL, EMPTY], ids=["full", "empty"])
@pytest.mark.parametrize("with_diffs", [True, False])
def test_an_answer_has_the_shape_that_it_promises(told: Answer, with_diffs: bool) -> None:  # noqa: FBT001, as pytest gives it
    jsonschema.Draft7Validator(SCHEMA).validate(json.loads(json_form.answer(told, with_diffs=with_diffs)))


def test_the_schema_lets_nothing_be_forgotten_or_added() -> None:
    told = json.loads(json_form.answer(FULL))
    told["pbxs"][0]["plan"]["changes"][0].pop("diff")
    told["legs"][0]["more"] = 1

    assert len(list(jsonschema.Draft7Validator(SCHEMA).iter_errors(told))) == 2


def test_changes_are_in_the_order_of_their_keys_with_their_diffs() -> None:
    changes = json.loads(json_form.answer(FULL))["pbxs"][0]["plan"]["changes"]

    assert [change["key"] for change in changes] == sorted(change["key"] for change in changes)
    diffs = {change["key"]: change["diff"] for change in changes}
    assert diffs["pjsip.conf"].splitlines()[-2:] == ["-media_encryption = no", "+media_encryption = sdes"]
    assert (diffs["sip.conf"], diffs["keys/1f.key"]) == (None, None)


def test_a_check_has_its_evidence_whole() -> None:
    seen = replace(PROVEN.checks[0], evidence=(Evidence(title="Answer", text="A" * 1_000_000),))
    told = replace(EMPTY, pbxs=(replace(PROVEN, checks=(seen,)),))

    form = json.loads(json_form.answer(told))

    jsonschema.Draft7Validator(SCHEMA).validate(form)
    assert form["pbxs"][0]["checks"][0]["evidence"] == [{"title": "Answer", "text": "A" * 1_000_000}]


def test_json_is_ascii_so_that_no_terminal_and_no_pipe_can_break_it() -> None:
    assert json_form.answer(FULL).isascii()
