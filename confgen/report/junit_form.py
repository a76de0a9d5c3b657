"""Answers as JUnit XML, as continuous integration reads it.

A `testsuite` for the inventory where it has findings, for each PBX, for each PBX that was put back or not begun, and
for all legs together; in it a `testcase` for each check, named after its code and subject. Of `validate` each PBX of
the inventory has a suite with its findings, of which those that make the command fail are a `failure`, and those that
are waived are `skipped`; where none fails, a testcase says so. A check that failed is a
`failure`, an unknown one an `error`; what is not checked, not enforceable, pending or waived is `skipped`, and says
why. A PBX or leg that ended otherwise than well without a check that says so has a testcase `outcome` for it, so that
nothing that is not proven looks as if it were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET  # it writes here, and never reads

from confgen.model.check import Check, Verdict
from confgen.model.finding import Finding, Severity
from confgen.model.result import Result
from confgen.report.answer import Answer
from confgen.report.outcomes import is_unsaid
from confgen.report.visible import Spelling, excerpt, one_line, without_commands

_MOST_OF_EVIDENCE = 8000  # characters
_FAILURE, _ERROR, _SKIPPED = "failure", "error", "skipped"
_INVENTORY = "inventory"
_ERRORS = frozenset({Severity.ERROR})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    name: str
    ended: str | None = None  # the element that says how; None means passed
    kind: str = ""
    message: str = ""
    lines: tuple[str, ...] = ()


def answer(told: Answer, made_at: datetime) -> str:
    """The answer as described above."""
    root = ET.Element("testsuites", name=f"confgen {told.command}")
    suites = (
        *(_suite(name, cases, made_at, 0.0) for name, cases in _of_inventory(told)),
        *(_suite(result.pbx, _cases(result), made_at, result.seconds) for result in told.pbxs),
        *(_suite(f"{result.pbx} put back", _cases(result), made_at, result.seconds) for result in told.put_back),
        *(_suite(name, [_not_begun_case()], made_at, 0.0) for name in told.not_begun),
        _suite(
            "legs",
            [case for leg in told.legs for case in _cases(leg, prefix=f"{one_line(leg.pbx)}: ")],
            made_at,
            sum(leg.seconds for leg in told.legs),
        ),
    )
    root.extend(suite for suite in suites if len(suite))
    for counted in ("tests", _FAILURE + "s", _ERROR + "s"):
        root.set(counted, str(sum(int(suite.get(counted, "0")) for suite in root)))
    ET.indent(root)
    text = without_commands(ET.tostring(root, encoding="unicode"), Spelling.XML)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'


def _of_inventory(told: Answer) -> Iterable[tuple[str, Sequence[_Case]]]:
    """The findings by what they are about."""
    if not told.judged:
        yield _INVENTORY, [_finding_case(finding, told.grave) for finding in told.findings]
        return
    suites: dict[str, list[_Case]] = {name: [] for name in (_INVENTORY, *told.judged)}
    for finding in told.findings:
        suites[finding.pbx if finding.pbx in told.judged else _INVENTORY].append(_finding_case(finding, told.grave))
    for name, cases in suites.items():
        if not any(case.ended == _FAILURE for case in cases):
            cases.insert(0, _Case(name="validate"))
        yield name, cases


def _suite(name: str, cases: Sequence[_Case], made_at: datetime, seconds: float) -> ET.Element:
    ended = Counter(case.ended for case in cases)
    suite = ET.Element(
        "testsuite",
        name=one_line(name),
        tests=str(len(cases)),
        failures=str(ended[_FAILURE]),
        errors=str(ended[_ERROR]),
        skipped=str(ended[_SKIPPED]),
        time=f"{seconds:.3f}",
        timestamp=made_at.replace(tzinfo=None).isoformat(timespec="seconds"),
    )
    seen: Counter[str] = Counter()
    for case in cases:
        seen[case.name] += 1
        again = f" ({seen[case.name]})" if seen[case.name] > 1 else ""
        element = ET.SubElement(suite, "testcase", classname=f"confgen.{one_line(name)}", name=f"{case.name}{again}")
        if case.ended == _SKIPPED:
            ET.SubElement(element, _SKIPPED, message=case.message)
        elif case.ended is not None:
            ET.SubElement(element, case.ended, type=case.kind, message=case.message).text = "\n".join(case.lines)
        elif case.lines:
            ET.SubElement(element, "system-out").text = "\n".join(case.lines)
    return suite


def _cases(result: Result, *, prefix: str = "") -> list[_Case]:
    cases = [_check_case(check, prefix) for check in result.checks]
    cases += [_finding_case(finding) for finding in result.findings]
    if is_unsaid(result):
        name, message = f"{prefix}outcome", f"{result.outcome.value}: {one_line(result.message)}"
        cases.append(_Case(name=name, ended=_ERROR, kind=result.outcome.value, message=message, lines=(message,)))
    elif not cases:
        message = f"{result.outcome.value}: {one_line(result.message)}"
        cases.append(_Case(name=f"{prefix}outcome", ended=_SKIPPED, message=message))
    return cases


def _check_case(check: Check, prefix: str) -> _Case:
    name = f"{prefix}{check.code} {one_line(check.subject)}"
    message = one_line(check.message)
    match check.verdict:
        case Verdict.PASSED:
            return _Case(name=name, lines=(message, *_evidence(check)))
        case Verdict.FAILED:
            return _Case(name=name, ended=_FAILURE, kind=check.code, message=message, lines=_told(check))
        case Verdict.UNKNOWN:
            return _Case(name=name, ended=_ERROR, kind=check.code, message=message, lines=_told(check))
        case Verdict.PENDING | Verdict.NOT_CHECKED | Verdict.WAIVED | Verdict.NOT_ENFORCEABLE:
            return _Case(name=name, ended=_SKIPPED, message=f"{check.verdict.value}: {message}")


def _told(check: Check) -> tuple[str, ...]:
    mend = (f"mend: {one_line(check.mend)}",) if check.mend else ()
    return (one_line(check.message), *mend, f"vantage: {check.vantage.value}", *_evidence(check))


def _evidence(check: Check) -> Iterable[str]:
    for evidence in check.evidence:
        yield ""
        yield f"{one_line(evidence.title)}:"
        yield from excerpt(evidence.text, _MOST_OF_EVIDENCE)


def _finding_case(finding: Finding, grave: Collection[Severity] = _ERRORS) -> _Case:
    where = finding.place.file if finding.place is not None else finding.pbx or ""
    message = one_line(finding.message)
    place = f"{one_line(str(finding.place))}: " if finding.place is not None else ""
    lines = (f"{place}{message}", *((f"mend: {one_line(finding.mend)}",) if finding.mend else ()))
    name = f"{finding.code} {one_line(where)}".rstrip()
    if finding.waiver:
        return _Case(name=name, ended=_SKIPPED, message=f"{one_line(finding.waiver)}: {message}")
    if finding.severity in grave:
        return _Case(name=name, ended=_FAILURE, kind=finding.code, message=message, lines=lines)
    return _Case(name=name, lines=(f"{finding.severity.value}: {lines[0]}", *lines[1:]))


def _not_begun_case() -> _Case:
    message = "the run did not come to it"
    return _Case(name="outcome", ended=_ERROR, kind="not begun", message=message, lines=(message,))
