"""Past runs as a person reads them, and as a program does."""

from __future__ import annotations

import json
from dataclasses import replace

import click
import pytest

from confgen.fleet import History, PastRun, PastWork
from confgen.report import history

RUN = PastRun(
    at="2026-11-25T16:31:24+00:00",
    command="push",
    who="maria@laptop",
    version="0.3.0",
    inventory="/srv/sites/inventory.yaml",
    inventory_digest="d1" * 32,
    plan_digest=None,
    pbxs={"headquarters": ["offices"], "branch": [], "depot": [], "annex": []},
    terms={"adopt": False, "allow_weaker": "an old door phone, until March"},
    strategy={"canary": []},
    generation=None,
    work=(
        PastWork(pbx="headquarters", outcome="proven", message="generation 5 is proven", generation=5),
        PastWork(pbx="branch", outcome="undone", message="not proven\x1b[2J", generation=4, codes=("PUSH-15",)),
        PastWork(pbx="depot"),
        PastWork(pbx="headquarters", outcome="proven", message="generation 4 is proven", is_put_back=True),
    ),
    exit_code=5,
    is_under_way=False,
)
KILLED = replace(RUN, work=RUN.work[:3], exit_code=None, terms={})
BACK = replace(RUN, command="rollback", generation=3, work=(), pbxs={}, terms={}, exit_code=0)


def text(*runs: PastRun) -> str:
    return click.unstyle(history.text(History(runs=runs)))


def test_a_run_reads_as_it_should() -> None:
    assert text(RUN) == (
        "2026-11-25T16:31:24+00:00  push of /srv/sites/inventory.yaml by maria@laptop: exit code 5\n"
        "    a weaker PBX was allowed: an old door phone, until March\n"
        "    headquarters: proven (generation 5)\n"
        "    branch: undone (generation 4): not proven\\x1b[2J PUSH-15\n"
        "    depot: begun, and no word of its end\n"
        "    headquarters (put back): proven: generation 4 is proven\n"
        "    not begun: annex"
    )


@pytest.mark.parametrize(("is_under_way", "word"), [(False, "unfinished"), (True, "under way")])
def test_a_run_without_an_end_is_said_to_be_one(word: str, *, is_under_way: bool) -> None:
    run = replace(KILLED, is_under_way=is_under_way)

    assert text(run).splitlines()[0].endswith(f"by maria@laptop: {word}")
    assert json.loads(history.json_form(History(runs=(run,))))["runs"][0]["state"] == word


def test_a_rollback_says_where_to() -> None:
    assert "rollback to generation 3 of /srv/sites/inventory.yaml" in text(BACK)


def test_runs_are_a_paragraph_each_and_none_is_said_too() -> None:
    assert text(RUN, BACK).count("\n\n") == 1
    assert text() == "no run stands in the journal"


def test_the_json_has_the_shape_that_it_promises() -> None:
    told = json.loads(history.json_form(History(runs=(RUN, KILLED, BACK), unreadable=("/state/x.jsonl",))))

    assert set(told) == {"format_version", "runs", "unreadable"}
    run = told["runs"][0]
    for name in ("who", "confgen", "inventory_digest", "plan_digest", "pbxs", "terms", "strategy"):
        assert name in run
    assert (run["state"], run["exit_code"], run["left"]) == (
        "finished",
        5,
        ["headquarters", "branch", "depot", "annex"],
    )
    assert run["work"][3]["is_put_back"]
    assert told["runs"][1]["exit_code"] is None
