"""What is told of one PBX or leg: what is wrong with its mend and its evidence, and what was proven."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from confgen.model.check import GRAVEST_FIRST, Check, Evidence, Level, Verdict
from confgen.model.codes import EXPLANATIONS
from confgen.model.finding import Finding, Severity
from confgen.model.result import Outcome, Result
from confgen.model.words import count
from confgen.report.html.looks import badge, look
from confgen.report.html.markup import Markup, element, preformatted, prose, together
from confgen.report.visible import excerpt

_MOST_OF_EVIDENCE = 8000  # characters
_MOST_TROUBLES, _MOST_CHECKS = 100, 1000  # of one PBX
_TROUBLES = frozenset({Verdict.FAILED, Verdict.UNKNOWN})
_SEVERITIES: Mapping[Severity, Markup] = {
    Severity.ERROR: badge(Verdict.FAILED, "error"),
    Severity.WARNING: badge(Verdict.UNKNOWN, "warning", "!"),
    Severity.NOTE: badge(Verdict.NOT_CHECKED, "note", "i"),
}
_WAIVED = badge(Verdict.WAIVED, "waived")


def verdict_of(result: Result) -> Verdict:  # noqa: PLR0911 -- as many looks
    """The look of a result's outcome."""
    match result.outcome:
        case Outcome.PROVEN:
            return Verdict.PASSED
        case Outcome.PROVEN_IN_PART:
            is_limited = any(check.verdict is Verdict.NOT_ENFORCEABLE for check in result.checks)
            return Verdict.NOT_ENFORCEABLE if is_limited else Verdict.NOT_CHECKED
        case (
            Outcome.NOT_CHECKED
            | Outcome.UNCHANGED
            | Outcome.PLANNED
            | Outcome.PREPARED
            | Outcome.SOUND
            | Outcome.RESTORED
        ):
            return Verdict.NOT_CHECKED
        case Outcome.PENDING:
            return Verdict.PENDING
        case Outcome.UNKNOWN | Outcome.LEFT | Outcome.INTERRUPTED:
            return Verdict.UNKNOWN
        case Outcome.NOT_PROVEN:
            is_failed = any(check.verdict is Verdict.FAILED for check in result.checks)
            return Verdict.FAILED if is_failed or not result.checks else Verdict.UNKNOWN
        case Outcome.FAULTY | Outcome.REFUSED | Outcome.UNDONE | Outcome.UNDO_FAILED:
            return Verdict.FAILED


def has_trouble(result: Result) -> bool:
    """Whether something of it failed or is unknown."""
    return not _TROUBLES.isdisjoint({verdict_of(result), *(check.verdict for check in result.checks)})


def wrong(result: Result, anchor: str) -> Markup:
    """A PBX or leg that has trouble: what it is, open; what is in order, closed."""
    verdict = verdict_of(result)
    troubles = [check for check in _gravest_first(result) if check.verdict in _TROUBLES]
    return element(
        "section",
        element("header", element("h3", result.pbx, id=f"{anchor}-name"), badge(verdict, result.outcome.value)),
        element("p", _message(result), class_="quiet") if _message(result) else Markup(),
        *(_trouble(check) for check in troubles[:_MOST_TROUBLES]),
        _left_out(len(troubles) - _MOST_TROUBLES),
        findings(result.findings),
        _proofs([check for check in _gravest_first(result) if check.verdict not in _TROUBLES]),
        id=anchor,
        class_=f"result {look(verdict)}",
        aria_labelledby=f"{anchor}-name",
    )


def other(result: Result, anchor: str) -> Markup:
    """A PBX or leg without trouble, closed: a browser opens it for whoever follows a link into it."""
    return element(
        "details",
        element(
            "summary",
            element("h3", result.pbx),
            badge(verdict_of(result), result.outcome.value),
            element("span", f"{_message(result)} ({_numbers(result.checks)})".strip(), class_="quiet"),
        ),
        element("div", findings(result.findings), _by_level(_gravest_first(result)), id=anchor, class_="body"),
        class_=f"other {look(verdict_of(result))}",
    )


def _message(result: Result) -> str:
    message = result.message.removeprefix(f"{result.pbx}: ")
    return "" if message == result.outcome.value else message


def _gravest_first(result: Result) -> Sequence[Check]:
    return sorted(result.checks, key=lambda check: GRAVEST_FIRST.index(check.verdict))


def findings(told: Iterable[Finding]) -> Markup:
    """Findings with their places and mends."""
    return together(*(_finding(finding) for finding in told))


def _finding(finding: Finding) -> Markup:
    where = str(finding.place) if finding.place is not None else finding.pbx or ""
    return _details(
        _WAIVED if finding.waiver else _SEVERITIES[finding.severity],
        finding.code,
        where,
        f"{finding.message} ({finding.waiver})" if finding.waiver else finding.message,
        (_mend(finding.mend), _meaning(finding.code)),
    )


def _trouble(check: Check) -> Markup:
    return _details(
        badge(check.verdict),
        check.code,
        check.subject,
        check.message,
        (
            _mend(check.mend),
            _meaning(check.code),
            _vantage(check),
            *(_evidence(evidence) for evidence in check.evidence),
        ),
    )


def _details(told: Markup, code: str, subject: str, message: str, body: Sequence[Markup]) -> Markup:
    return element(
        "details",
        element(
            "summary",
            told,
            element("span", code, class_="code"),
            element("strong", subject),
            element("span", prose(message), class_="seen"),
        ),
        element("div", *body, class_="body"),
        class_="finding",
        open="",
    )


def _mend(mend: str) -> Markup:
    return element("p", element("strong", "Mend: "), prose(mend), class_="mend") if mend else Markup()


def _meaning(code: str) -> Markup:
    explanation = EXPLANATIONS.get(code)
    if explanation is None:
        return Markup()
    source = f" ({explanation.source})" if explanation.source else ""
    return element("p", prose(f"{explanation.meaning}{source}"), class_="quiet")


def _vantage(check: Check) -> Markup:
    return element("p", f"Level {check.level.value}, seen from: {check.vantage.value}.", class_="quiet")


def _evidence(evidence: Evidence) -> Markup:
    lines = preformatted(excerpt(evidence.text, _MOST_OF_EVIDENCE))
    return together(element("h4", evidence.title), element("pre", lines))


def _proofs(checks: Sequence[Check]) -> Markup:
    if not checks:
        return Markup()
    body = element("div", _by_level(checks), class_="body")
    return element("details", element("summary", f"{_numbers(checks)}"), body)


def _by_level(checks: Sequence[Check]) -> Markup:
    told = []
    shown: set[Evidence] = set()
    for level in Level:
        those = [check for check in checks[:_MOST_CHECKS] if check.level is level]
        if those:
            told.append(element("h4", f"Level {level.value}"))
            told.append(element("ul", *_proofs_of(those, shown), class_="checks"))
    return together(*told, _left_out(len(checks) - _MOST_CHECKS))


def _left_out(number: int) -> Markup:
    return element("p", prose(f"And {number} more, all of which `--format json` tells.")) if number > 0 else Markup()


def _numbers(checks: Sequence[Check]) -> str:
    """`6 checks: 5 passed, 1 waived`."""
    numbers = Counter(check.verdict for check in checks)
    told = [f"{numbers[verdict]} {verdict.value}" for verdict in reversed(GRAVEST_FIRST) if numbers[verdict]]
    return ": ".join(filter(None, (count(len(checks), "check"), ", ".join(told))))


def _proofs_of(checks: Iterable[Check], shown: set[Evidence]) -> Iterable[Markup]:
    """What several checks rest on, a chain of certificates say, is shown with the first of them."""
    for check in checks:
        evidence = [_evidence(evidence) for evidence in check.evidence if evidence not in shown]
        shown.update(check.evidence)
        yield _proof(check, evidence)


def _proof(check: Check, evidence: Sequence[Markup]) -> Markup:
    words = together(element("span", check.code, class_="code"), element("strong", check.subject), ": ")
    seen = element("details", element("summary", "Evidence"), *evidence) if evidence else Markup()
    return element("li", badge(check.verdict), words, prose(check.message), seen)
