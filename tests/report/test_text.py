"""Text for people, compared with what it should be to the letter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
import pytest

from confgen.model.check import Evidence, Level, Verdict
from confgen.model.document import Impact
from confgen.model.finding import Finding, Place, Severity
from confgen.model.result import Outcome, Result
from confgen.report import findings, outcomes, paint, plans, results
from confgen.report.answer import Answer
from confgen.report.table import table
from confgen.report.visible import one_line, visible
from tests.report.samples import (
    COMPANY,
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
    check,
    difference,
)

GOLDEN = Path(__file__).with_name("golden")


def answer(*pbxs: Result, legs: tuple[Result, ...] = (), not_begun: tuple[str, ...] = ()) -> Answer:
    return Answer(
        command="push", inventory="inventory.yaml", findings=(), pbxs=pbxs, legs=legs, not_begun=not_begun, exit_code=0
    )


def golden(name: str) -> str:
    return (GOLDEN / name).read_text(encoding="utf-8")


def test_a_plan_reads_as_it_should() -> None:
    told = answer(PLANNED, FIRST_PUSH, UNCHANGED, UNREACHABLE)

    assert click.unstyle(plans.text(told, with_diffs=True)) + "\n" == golden("plan.txt")


def test_a_plan_without_diffs_has_the_same_words_and_no_texts() -> None:
    told = answer(PLANNED)

    whole, short = (click.unstyle(plans.text(told, with_diffs=wanted)) for wanted in (True, False))

    assert "@@" not in short
    assert set(short.splitlines()) <= set(whole.splitlines())


@pytest.mark.parametrize(
    ("impact", "calls", "words"),
    [
        (Impact.NONE, 3, "none: nothing is reloaded"),
        (Impact.RELOAD, 3, "reload: calls go on"),
        (Impact.TRANSPORT_RESTART, 3, "transport restart: calls go on, the listener begins anew"),
        (Impact.PROCESS_RESTART, 0, "process restart: no call is in progress"),
        (Impact.PROCESS_RESTART, 1, "process restart: drops 1 call in progress"),
        (Impact.PROCESS_RESTART, None, "process restart: drops whatever calls are in progress, how many is not known"),
    ],
)
def test_an_impact_says_what_becomes_of_the_calls(impact: Impact, calls: int | None, words: str) -> None:
    assert PLANNED.plan is not None
    told = answer(replace(PLANNED, plan=replace(PLANNED.plan, impact=impact, calls=calls)))

    assert f"impact        {words}\n" in click.unstyle(plans.text(told, with_diffs=False))


def test_what_runs_otherwise_is_told_of_a_pbx_that_need_not_change() -> None:
    assert PLANNED.plan is not None
    told = answer(replace(UNCHANGED, plan=replace(PLANNED.plan, changes=())))

    lines = click.unstyle(plans.text(told, with_diffs=False)).splitlines()

    assert lines[1] == "    running       SRTP-04 the module res_srtp does not run"


def test_a_plan_of_a_thousand_differences_can_be_read() -> None:
    assert PLANNED.plan is not None
    many = tuple(difference(f"extension {number}", "callerid", "a", f"b{number}") for number in range(1000))
    told = answer(replace(PLANNED, plan=replace(PLANNED.plan, differences=many)))

    text = click.unstyle(plans.text(told, with_diffs=False))

    assert "extension 39: callerid a -> b39\n" in text
    assert "and 960 more, all of which `--format json` tells" in text
    assert "b40" not in text


def test_results_read_as_they_should() -> None:
    told = answer(PROVEN, UNCHANGED, UNDONE, UNDO_FAILED, legs=(LEG, PENDING_LEG), not_begun=("annex",))

    assert click.unstyle(results.text(told)) + "\n" == golden("results.txt")


def test_evidence_is_shown_where_it_is_asked_for_and_nowhere_else() -> None:
    seen = replace(PROVEN.checks[0], evidence=(Evidence(title="Answer", text="SIP/2.0 200 OK\r\n\r\nv=0\x1b[2J"),))
    told = answer(replace(PROVEN, checks=(seen,)), replace(UNDONE, checks=(replace(seen, verdict=Verdict.FAILED),)))

    lines = click.unstyle(results.text_with_evidence(told)).splitlines()

    assert lines[1:5] == ["    Answer", "      SIP/2.0 200 OK", "", "      v=0\\x1b[2J"]
    assert lines.count("      SIP/2.0 200 OK") == 2
    assert "SIP/2.0" not in results.text(told)


def test_a_megabyte_of_evidence_is_cut_short_on_a_terminal() -> None:
    seen = replace(PROVEN.checks[0], evidence=(Evidence(title="Answer", text="A" * 1_000_000),))

    text = results.text_with_evidence(answer(replace(PROVEN, checks=(seen,))))

    assert len(text) < 10_000
    assert "(and 996000 more characters)" in text


def test_findings_read_as_they_should() -> None:
    assert click.unstyle(findings.text((ERROR, WARNING, NOTE))) + "\n" == golden("findings.txt")


def test_what_was_put_back_stands_in_a_table_of_its_own_with_why_it_was_not() -> None:
    told = replace(answer(PROVEN, UNDONE), put_back=(replace(UNREACHABLE, is_put_back=True),))

    shown = click.unstyle(results.text(told))

    assert "depot: put back: unknown: nothing answers at 192.0.2.9" in shown
    assert "Put back\nPBX    verdict  what was done\ndepot  unknown" in shown
    assert shown.splitlines()[-1] == "2 PBXs: 1 proven, 1 undone; put back: 1 unknown"


def test_of_many_pbxs_that_were_not_begun_the_first_are_named() -> None:
    names = tuple(f"pbx-{number}" for number in range(990))

    last = click.unstyle(results.text(answer(UNDONE, not_begun=names))).splitlines()[-1]

    assert last.endswith("pbx-10, pbx-11 and 978 more")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_its_word_in_the_table_and_in_the_summary(outcome: Outcome) -> None:
    lines = click.unstyle(results.text(answer(replace(PROVEN, outcome=outcome)))).splitlines()

    assert f"{outcome.value} (generation 4)" in "\n".join(lines)
    assert lines[-1] == f"1 PBX: 1 {outcome.value}"


def test_only_what_is_proven_is_painted_as_good() -> None:
    assert [outcome for outcome in Outcome if outcomes.word(outcome) == paint.good(outcome.value)] == [Outcome.PROVEN]


def test_a_failed_undo_whose_plan_is_not_known_leaves_the_generation_to_the_reader() -> None:
    text = results.text(answer(replace(UNDO_FAILED, plan=None)))

    assert "confgen rollback inventory.yaml --limit depot --to GENERATION" in text


def test_a_failed_undo_of_the_first_push_goes_back_to_what_was_there_before() -> None:
    text = results.text(answer(replace(UNDO_FAILED, plan=FIRST_PUSH.plan)))

    assert "--limit depot --to 0" in text


@pytest.mark.parametrize(
    ("told", "summary"),
    [
        ((), ""),
        ((NOTE,), "1 note"),
        ((ERROR, ERROR, WARNING), "2 errors, 1 warning in 1 file"),
        ((ERROR, replace(ERROR, place=Place("other.yaml", 1, 1))), "2 errors in 2 files"),
    ],
)
def test_findings_are_counted(told: tuple[Finding, ...], summary: str) -> None:
    assert findings.summary(told) == summary


def test_an_inventory_with_a_warning_alone_is_not_called_wrong_nor_without_fault() -> None:
    assert findings.verdict("inventory.yaml", COMPANY, (WARNING,)) == (
        "inventory.yaml: 4 PBXs, 3 extensions, 1 trunk: 1 warning in 1 file"
    )


@pytest.mark.parametrize("severity", list(Severity))
def test_the_code_stands_behind_the_place_whatever_the_severity(severity: Severity) -> None:
    line = click.unstyle(findings.text((replace(ERROR, severity=severity),)))

    assert line.startswith("inventory.yaml:12:9: REF-02 ")


def test_columns_are_as_wide_as_what_is_seen_in_them() -> None:
    told = click.unstyle(table(["a", "b"], [[paint.good("wide cell"), "1"], ["x", paint.bad("2")]]))

    assert told == "a          b\nwide cell  1\nx          2"


@pytest.mark.parametrize("steering", ["\x1b[2J", "\x9b2J", "\x07", "\u202e", "\u2028", "\x7f", "\udc80", "\ufffe"])
def test_nothing_that_steers_a_terminal_is_shown_as_it_is(steering: str) -> None:
    shown = visible(f"a{steering}b")

    assert shown.isprintable()
    assert shown.startswith("a\\")


def test_ordinary_letters_stay_as_they_are() -> None:
    assert one_line("Müller\n  Жук 电话") == "Müller Жук 电话"


def test_a_host_that_speaks_in_escape_sequences_cannot_paint_its_result_green() -> None:
    lying = replace(UNREACHABLE, message="\x1b[32mproven\x1b[0m")

    assert "\x1b[32m" not in results.text(answer(lying))
    assert "\x1b[32m" not in plans.text(answer(lying), with_diffs=True)


def test_what_is_waived_reads_so_and_never_passed() -> None:
    waived = check(Verdict.WAIVED, Level.CLEAR, code="CLEAR-04", subject="udp 192.0.2.1:5060", message="waived until X")
    told = click.unstyle(results.text(answer(replace(PROVEN, checks=(*PROVEN.checks, waived)))))

    assert "headquarters: CLEAR-04 waived udp 192.0.2.1:5060: waived until X" in told
    assert "waived 1 of 2" in told


def test_what_is_not_known_is_not_hidden_behind_what_failed() -> None:
    verdicts = (Verdict.FAILED, Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.PASSED)
    result = replace(PROVEN, checks=tuple(replace(PROVEN.checks[0], verdict=verdict) for verdict in verdicts))

    told = results.text(Answer(command="verify", inventory="i.yaml", findings=(), pbxs=(result,), exit_code=1))

    assert "FAILED 1, unknown 2 of 4" in click.unstyle(told)
