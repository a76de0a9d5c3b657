"""Plans as text: what would change on each PBX, what it costs, and the diff."""

from __future__ import annotations

from collections.abc import Iterable

from confgen.model.document import Change
from confgen.model.driver import Guarantees, Lock
from confgen.model.plan import Plan, SecurityDelta
from confgen.model.result import Result
from confgen.plan.cut_off_words import cut_off_words
from confgen.report import diff, findings, outcomes, paint
from confgen.report.answer import Answer
from confgen.report.visible import one_line

_INDENT = "    "


def text(answer: Answer, *, with_diffs: bool) -> str:
    """One part for each PBX, then a line for all of them."""
    parts = ["\n".join(_lines(result, with_diffs=with_diffs)) for result in answer.pbxs]
    return "\n\n".join([*parts, outcomes.summary(answer)])


def _lines(result: Result, *, with_diffs: bool) -> Iterable[str]:
    yield outcomes.headline(result)
    if result.findings:
        yield findings.text(result.findings)
    if result.plan is None or not result.plan.changes:
        return
    changes = sorted(result.plan.changes, key=lambda change: change.key)
    yield from _labelled(_described(result.plan))
    yield from _labelled((change.action.value, _change_line(change)) for change in changes)
    if with_diffs:
        for change in changes:
            lines = diff.unified(change)
            if lines:
                yield ""
                yield from diff.painted(lines)


def _described(plan: Plan) -> Iterable[tuple[str, str]]:
    yield "impact", plan.impact.words
    yield "security", _delta(plan.delta)
    yield (
        "generation",
        "none yet, this is the first push" if plan.generation is None else f"{plan.generation} is active",
    )
    yield "guarantees", _guarantees(plan.guarantees)
    for words in cut_off_words(plan):
        yield "cut off", paint.bad(words)
    for cut in plan.cut_off:
        yield "", one_line(f"{cut.extension} {cut.reason} ({cut.contact})")
    for name, fact in plan.facts.items():
        yield one_line(name).replace("_", " "), one_line(fact)


def _labelled(rows: Iterable[tuple[str, str]]) -> Iterable[str]:
    for label, words in rows:
        yield f"{_INDENT}{label:<14}{words}".rstrip()


def _delta(delta: SecurityDelta) -> str:
    told = delta.value
    match delta:
        case SecurityDelta.STRONGER:
            return paint.good(told)
        case SecurityDelta.SAME:
            return told
        case SecurityDelta.WEAKER:
            return paint.bad(told)


def _guarantees(guarantees: Guarantees) -> str:
    atomic = "wholly old or wholly new at any instant" if guarantees.atomic else "NOT atomic, a mixture is possible"
    undo = "undone by the host itself" if guarantees.undo_without_link else "undone from here, over the link"
    match guarantees.lock:
        case Lock.HOST:
            lock = "locked on the host"
        case Lock.OPERATOR:
            lock = "locked on this machine only"
    return f"{atomic}; {undo}; {lock}"


def _change_line(change: Change) -> str:
    notes = []
    if change.is_foreign:
        notes.append("foreign, confgen did not write it: `push --adopt` keeps it as generation 0")
    if change.is_drifted:
        notes.append("changed on the host since confgen wrote it: `push --overwrite-drift` writes over it")
    if change.before is not None and change.before == change.after:
        notes.append(f"what is masked differs: {change.before_fingerprint} becomes {change.after_fingerprint}")
    key = one_line(change.key)
    return f"{key}  ({paint.doubtful('; '.join(notes))})" if notes else key
