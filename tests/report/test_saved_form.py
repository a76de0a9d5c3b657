"""A saved plan is read as it was written, and nothing else is taken for one."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from confgen.model.document import Action
from confgen.model.plan import CutOff, Difference, Plan
from confgen.model.saved import Origin, SavedPbx, SavedPlan
from confgen.report import saved_form
from tests.report.samples import change, plan

SAVED = SavedPlan(
    origin=Origin(version="1.2.3", inventory="ab" * 32),
    made_at="2026-01-02T03:04:05+00:00",
    pbxs=(
        SavedPbx(
            name="headquarters",
            address="192.0.2.10",
            host="cd" * 32,
            is_confirmed=True,
            observed={"pjsip.conf": "01" * 32},
            desired={"pjsip.conf": "02" * 32, "rtp.conf": "03" * 32},
            plan=replace(
                plan(
                    change("pjsip.conf", Action.CHANGE, "[101]\n", "[101]\n; Zoë\n", is_drifted=True),
                    change("rtp.conf", Action.ADD, None, "[general]\n"),
                    change("sip.conf", Action.REMOVE, "[general]\n", None, is_foreign=True),
                ),
                differences=(
                    Difference(subject="extension 101", option="media_encryption", before="no", after="sdes"),
                ),
                edits=(Difference(subject="rtp.conf", before="by hand"),),
                weaker=("it is weaker",),
                calls=3,
                registered=12,
                cut_off=(CutOff(extension="102", contact="udp 192.0.2.7:5060", reason="registers over UDP"),),
            ),
        ),
    ),
)


def test_what_was_written_is_read() -> None:
    assert saved_form.read(saved_form.written(SAVED)) == SAVED


def test_everything_of_a_plan_is_written_but_what_the_pbx_ran_just_then() -> None:
    (pbx,) = json.loads(saved_form.written(SAVED))["pbxs"]
    names = {"delta": "security"}
    assert {names.get(field.name, field.name) for field in fields(Plan)} - {"running"} == pbx["plan"].keys()


def test_it_says_what_it_is_and_what_it_needs() -> None:
    form = json.loads(saved_form.written(SAVED))
    assert (form["format_version"], form["file"]) == (1, "confgen plan")
    assert form["made"] == {"confgen": "1.2.3", "inventory": "ab" * 32, "at": "2026-01-02T03:04:05+00:00"}
    (pbx,) = form["pbxs"]
    assert pbx["needed"] == {
        "adopt": ["sip.conf"],
        "overwrite_drift": ["pjsip.conf"],
        "allow_weaker": [],
        "max_cut_off": 1,
        "no_undo": [],
    }
    assert (pbx["plan"]["impact"], pbx["plan"]["security"]) == ("transport restart", "stronger")


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "null", '{"file": "another"}', "[" * 100_000])
def test_what_is_no_saved_plan_is_told_as_that(text: str) -> None:
    assert not saved_form.is_saved_plan(text)
    with pytest.raises(saved_form.NotASavedPlan, match="no saved plan"):
        saved_form.read(text)


def test_a_later_format_is_a_saved_plan_that_this_version_does_not_read() -> None:
    text = saved_form.written(SAVED).replace('"format_version": 1', '"format_version": 2')
    assert saved_form.is_saved_plan(text)
    with pytest.raises(saved_form.NotASavedPlan, match="another version"):
        saved_form.read(text)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"made": {', '"unmade": {', "damaged"),
        ('"action": "add"', '"action": "explode"', "damaged"),
        ('"impact": "transport restart"', '"impact": "less"', "damaged"),
        ('"observed": {', '"observed": 7, "other": {', "damaged"),
        ('"max_cut_off": 1', '"max_cut_off": 0', "changed since"),
        ('"adopt": [', '"adopt": [], "more": [', "changed since"),
        ('"registered": 12', '"registered": 11, "registered": 12', "changed since"),
    ],
)
def test_what_is_damaged_or_edited_is_refused_in_words_that_quote_nothing(old: str, new: str, said: str) -> None:
    text = saved_form.written(SAVED)
    assert old in text
    with pytest.raises(saved_form.NotASavedPlan, match=said) as refused:
        saved_form.read(text.replace(old, new, 1))
    assert refused.value.exit_code == 2
    assert "sip" not in str(refused.value)
