"""Findings as text: `file:line:col: CODE message`, and below it the mend."""

from __future__ import annotations

from collections.abc import Iterable

from confgen.model.finding import Finding, Severity
from confgen.model.inventory import Inventory
from confgen.model.words import count
from confgen.report import paint
from confgen.report.visible import one_line

_MEND_INDENT = "    "


def text(findings: Iterable[Finding]) -> str:
    """Every finding with its mend, in the order given."""
    return "\n".join(line for finding in findings for line in _lines(finding))


def summary(findings: Iterable[Finding]) -> str:
    """`3 errors, 1 warning in 2 files`, or nothing where there are no findings."""
    findings = tuple(findings)
    counts = [
        count(number, severity.value)
        for severity in Severity
        if (number := sum(finding.severity is severity for finding in findings))
    ]
    files = {finding.place.file for finding in findings if finding.place is not None}
    where = f" in {count(len(files), 'file')}" if files else ""
    return ", ".join(counts) + where


def verdict(path: str, inventory: Inventory, findings: Iterable[Finding]) -> str:
    """The last line of `validate`: what was looked at, and what came of it."""
    findings = tuple(findings)
    told = summary(findings)
    if any(finding.severity is Severity.ERROR for finding in findings):
        return f"{one_line(path)}: {told}"
    trunks = {trunk.name for pbx in inventory.pbxs for trunk in pbx.trunks}
    trunks |= {trunk.name for pbx in inventory.pbxs for trunk in pbx.provider_trunks}
    counted = (
        count(len(inventory.pbxs), "PBX"),
        count(sum(len(pbx.extensions) for pbx in inventory.pbxs), "extension"),
        count(len(trunks), "trunk"),
    )
    return f"{one_line(path)}: {', '.join(counted)}: {told or paint.good('nothing wrong')}"


def _lines(finding: Finding) -> Iterable[str]:
    where = str(finding.place) if finding.place is not None else finding.pbx
    head = f"{one_line(where)}: " if where else ""
    yield f"{head}{_code(finding)} {one_line(finding.message)}"
    if finding.mend:
        yield f"{_MEND_INDENT}{one_line(finding.mend)}"


def _code(finding: Finding) -> str:
    match finding.severity:
        case Severity.ERROR:
            return paint.bad(finding.code)
        case Severity.WARNING:
            return f"{paint.doubtful(finding.code)} warning:"
        case Severity.NOTE:
            return f"{paint.strong(finding.code)} note:"
