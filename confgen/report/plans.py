"""Plans as text: what would change on each PBX in its own words, what it costs, and on demand the diff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from confgen.model.document import Change, Impact
from confgen.model.driver import Guarantees, Lock
from confgen.model.plan import Plan, SecurityDelta
from confgen.model.result import Result
from confgen.model.words import count, listed
from confgen.plan.cut_off_words import cut_off_words
from confgen.report import diff, differences, findings, outcomes, paint
from confgen.report.answer import Answer
from confgen.report.visible import one_line

_INDENT = "    "


def text(answer: Answer, *, with_diffs: bool) -> str:
    """One part for each PBX, then a line for all of them."""
    parts = [part(result, with_diffs=with_diffs) for result in answer.pbxs]
    return "\n\n".join([*parts, outcomes.summary(answer)])


def part(result: Result, *, with_diffs: bool) -> str:
    """What there is to say of one PBX."""
    return "\n".join(_lines(result, with_diffs=with_diffs))


def _lines(result: Result, *, with_diffs: bool) -> Iterable[str]:
    yield outcomes.headline(result)
    if result.findings:
        yield findings.text(result.findings)
    if result.plan is None:
        return
    yield from _labelled(_running(result.plan))
    if not result.plan.changes:
        return
    changes = sorted(result.plan.changes, key=lambda change: change.key)
    yield from _labelled(_in_words(result.plan))
    yield from _labelled(_described(result.plan))
    yield from _labelled((change.action.value, _change_line(change)) for change in changes)
    yield from _labelled(_foreign([change for change in changes if change.is_foreign]))
    if with_diffs:
        for change in changes:
            lines = diff.unified(change)
            if lines:
                yield ""
                yield from diff.painted(lines)


def _running(plan: Plan) -> Iterable[tuple[str, str]]:
    yield from _under("running", [paint.doubtful(f"{check.code} {one_line(check.message)}") for check in plan.running])


def _in_words(plan: Plan) -> Iterable[tuple[str, str]]:
    """What the inventory changes, apart from what somebody changed by hand; then what would hurt."""
    yield from _under("inventory", differences.lines(plan.differences))
    yield from _under("by hand", [paint.doubtful(line) for line in differences.lines(plan.edits)])
    yield from _under("weaker", [paint.bad(one_line(words)) for words in plan.weaker])
    yield from _under("cut off", [paint.bad(line) for line in _cut_off(plan)])
    yield from _under("no undo", [paint.bad(one_line(f"{key}: {why}")) for key, why in plan.irreversible.items()])


def _cut_off(plan: Plan) -> Iterable[str]:
    yield from cut_off_words(plan)
    for reason in dict.fromkeys(cut.reason for cut in plan.cut_off):
        who = [f"{cut.extension} at {cut.contact}" for cut in plan.cut_off if cut.reason == reason]
        yield one_line(f"{reason}: {listed(who, differences.MOST_NAMES)}")


def _under(label: str, lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    for number, line in enumerate(lines):
        yield ("" if number else label), line


def _cost(plan: Plan) -> str:
    """What the impact means for the calls that are in progress."""
    match plan.impact:
        case Impact.NONE:
            return "none: nothing is reloaded"
        case Impact.RELOAD:
            return "reload: calls go on"
        case Impact.TRANSPORT_RESTART:
            return "transport restart: calls go on, the listener begins anew"
        case Impact.PROCESS_RESTART:
            match plan.calls:
                case None:
                    return paint.doubtful(
                        "process restart: drops whatever calls are in progress, how many is not known"
                    )
                case 0:
                    return "process restart: no call is in progress"
                case calls:
                    return paint.bad(f"process restart: drops {count(calls, 'call')} in progress")


def _described(plan: Plan) -> Iterable[tuple[str, str]]:
    yield "impact", _cost(plan)
    yield "security", _delta(plan.delta)
    yield (
        "generation",
        "none yet, this is the first push" if plan.generation is None else f"{plan.generation} is active",
    )
    yield "guarantees", _guarantees(plan.guarantees)
    if plan.calls is not None:
        yield "calls", f"{plan.calls} in progress"
    for name, fact in plan.facts.items():
        if name == "calls" and plan.calls is not None:
            continue
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


def _foreign(changes: Sequence[Change]) -> Iterable[tuple[str, str]]:
    if changes:
        them = "it" if len(changes) == 1 else "them"
        words = f"confgen did not write {count(len(changes), 'document')} of these: `push --adopt` keeps {them} as"
        yield "foreign", paint.doubtful(f"{words} generation 0")


def _change_line(change: Change) -> str:
    notes = []
    if change.is_foreign:
        notes.append("foreign")
    if change.is_drifted:
        notes.append("changed on the host since confgen wrote it: `push --overwrite-drift` writes over it")
    if change.before is not None and change.before == change.after:
        notes.append(f"what is masked differs: {change.before_fingerprint} becomes {change.after_fingerprint}")
    key = one_line(change.key)
    return f"{key}  ({paint.doubtful('; '.join(notes))})" if notes else key
