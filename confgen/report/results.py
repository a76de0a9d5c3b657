"""Results of push, verify and rollback as text: what is not proven first, the table of what was, a line for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from confgen.model.check import GRAVEST_FIRST, Check, Level, Verdict
from confgen.model.result import Outcome, Result
from confgen.report import findings, outcomes, paint
from confgen.report.answer import Answer
from confgen.report.table import table
from confgen.report.visible import excerpt, one_line

_INDENT = "    "
_MOST_OF_EVIDENCE = 4000  # characters; `--format json` has the whole


def text_with_evidence(answer: Answer) -> str:
    """The same as `text`, and what each check rests on: that of checks that passed comes first."""
    proofs = [
        "\n".join(_check_lines(result, check, with_evidence=True))
        for result in (*answer.pbxs, *answer.put_back, *answer.legs)
        for check in result.checks
        if check.verdict is Verdict.PASSED and check.evidence
    ]
    return "\n\n".join((*proofs, text(answer, with_evidence=True)))


def text(answer: Answer, *, with_evidence: bool = False) -> str:
    """The parts that there is something to say in."""
    troubles = [
        *((result, check) for result in (*answer.pbxs, *answer.put_back) for check in _troubles(result)),
        *((leg, check) for leg in answer.legs for check in _troubles(leg) if not _is_told_by_the_table(check)),
    ]
    parts = (
        "\n".join(
            line for result, check in troubles for line in _check_lines(result, check, with_evidence=with_evidence)
        ),
        "\n".join(line for result in (*answer.pbxs, *answer.put_back) for line in _told(result, answer.inventory)),
        _pbx_table(answer.pbxs),
        _put_back_table(answer.put_back),
        _leg_table(answer.legs),
        outcomes.summary(answer),
    )
    return "\n\n".join(part for part in parts if part)


def _troubles(result: Result) -> Iterable[Check]:
    troubles = (check for check in result.checks if check.verdict is not Verdict.PASSED)
    return sorted(troubles, key=lambda check: GRAVEST_FIRST.index(check.verdict))


def _is_told_by_the_table(check: Check) -> bool:
    """That a leg's other end had no part in the run is all there is to say, and nothing to mend."""
    return check.verdict is Verdict.PENDING and not check.mend


def _check_lines(result: Result, check: Check, *, with_evidence: bool) -> Iterable[str]:
    subject, message = one_line(check.subject), one_line(check.message)
    seen = paint.faint(f"(vantage: {check.vantage.value})")
    yield f"{result.pbx}: {check.code} {_verdict(check.verdict)} {subject}: {message} {seen}"
    if check.mend:
        yield f"{_INDENT}{one_line(check.mend)}"
    for evidence in check.evidence if with_evidence else ():
        yield f"{_INDENT}{paint.strong(one_line(evidence.title))}"
        yield from (f"{_INDENT}  {line}".rstrip() for line in excerpt(evidence.text, _MOST_OF_EVIDENCE))


def _told(result: Result, inventory: str) -> Iterable[str]:
    if result.outcome not in {Outcome.PROVEN, Outcome.UNCHANGED} or result.findings:
        yield outcomes.headline(result)
    if result.findings:
        yield findings.text(result.findings)
    if result.outcome is Outcome.UNDO_FAILED:
        yield f"{_INDENT}{paint.bad('a human must act')}: make sure that the host answers, then run"
        yield f"{_INDENT}{_INDENT}confgen rollback {one_line(inventory)} --limit {result.pbx}{_way_back(result)}"


def _way_back(result: Result) -> str:
    """To what was active before, where the plan knows it; the message names it otherwise."""
    return f" --to {'GENERATION' if result.plan is None else result.plan.generation or 0}"


def _put_back_table(results: Sequence[Result]) -> str:
    if not results:
        return ""
    rows = [[result.pbx, _verdict_of_pbx(result), one_line(result.message)] for result in results]
    return f"{paint.strong('Put back')}\n{table(['PBX', 'verdict', 'what was done'], rows)}"


def _pbx_table(results: Sequence[Result]) -> str:
    if not results:
        return ""
    levels = [level for level in Level if any(_at(level, result) for result in results)]
    rows = [
        [result.pbx, *(_cell(_at(level, result)) for level in levels), _verdict_of_pbx(result)] for result in results
    ]
    return table(["PBX", *(level.value for level in levels), "verdict"], rows)


def _at(level: Level, result: Result) -> Sequence[Check]:
    return [check for check in result.checks if check.level is level]


def _cell(checks: Sequence[Check]) -> str:
    """`passed 12`, `passed 2, not checked 1`, or what is wrong or not known: `FAILED 1, unknown 22 of 29`."""
    numbers = Counter(check.verdict for check in checks)
    gravest = next((verdict for verdict in GRAVEST_FIRST if numbers[verdict]), None)
    if gravest is None:
        return "-"
    if gravest is Verdict.NOT_CHECKED and numbers[Verdict.PASSED]:  # nothing is wrong: what passed comes first
        passed = _verdict(Verdict.PASSED, f" {numbers[Verdict.PASSED]}")
        return f"{passed}, {_verdict(gravest, f' {numbers[gravest]}')}"
    share = "" if numbers[gravest] == len(checks) else f" of {len(checks)}"
    if gravest is Verdict.FAILED and numbers[Verdict.UNKNOWN]:
        doubts = numbers[Verdict.UNKNOWN]
        share = "" if numbers[gravest] + doubts == len(checks) else f" of {len(checks)}"
        return f"{_verdict(gravest, f' {numbers[gravest]}')}, {_verdict(Verdict.UNKNOWN, f' {doubts}{share}')}"
    return _verdict(gravest, f" {numbers[gravest]}{share}")


def _verdict(verdict: Verdict, rest: str = "") -> str:
    match verdict:
        case Verdict.PASSED:
            return paint.good(f"passed{rest}")
        case Verdict.FAILED:
            return paint.bad(f"FAILED{rest}")
        case _:
            return paint.doubtful(f"{verdict.value}{rest}")


def _verdict_of_pbx(result: Result) -> str:
    generation = "" if result.generation is None else paint.faint(f" (generation {result.generation})")
    return outcomes.word(result.outcome) + generation


def _leg_table(legs: Sequence[Result]) -> str:
    if not legs:
        return ""
    rows = [[leg.pbx, *_gravest_check(leg)] for leg in legs]
    return f"{paint.strong('Legs')}\n{table(['leg', 'verdict', 'what was seen'], rows)}"


def _gravest_check(leg: Result) -> tuple[str, str]:
    gravest = min(leg.checks, key=lambda check: GRAVEST_FIRST.index(check.verdict), default=None)
    if gravest is None:
        return outcomes.word(leg.outcome), one_line(leg.message)
    if gravest.verdict is Verdict.NOT_CHECKED:  # that is told above the table
        gravest = next((check for check in leg.checks if check.verdict is Verdict.PASSED), gravest)
    return _cell(leg.checks), one_line(gravest.message)
