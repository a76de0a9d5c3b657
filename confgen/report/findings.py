"""Findings as text: `file:line:col: CODE message`, below it the line that it is about, and the mend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from types import MappingProxyType

from confgen.model.finding import Finding, Place, Severity
from confgen.model.inventory import Inventory
from confgen.model.quote import Quote
from confgen.model.words import count
from confgen.report import paint, quotation
from confgen.report.visible import one_line

_MEND_INDENT = "    "
_NOTHING: Mapping[Place, Quote] = MappingProxyType({})


def text(findings: Iterable[Finding], quotes: Mapping[Place, Quote] = _NOTHING) -> str:
    """Every finding with its mend, in the order given; of those at one place the first quotes the line."""
    told: list[str] = []
    before: Place | None = None
    for finding in findings:
        told += _lines(finding, None if finding.place is None or finding.place == before else quotes.get(finding.place))
        before = finding.place
    return "\n".join(told)


def brief(findings: Iterable[Finding]) -> str:
    """A line for each finding, as editors and `grep` read it."""
    return "\n".join(_head(finding) for finding in findings)


def summary(findings: Iterable[Finding]) -> str:
    """`3 errors, 1 warning, 2 waived in 2 files`, or nothing where there are no findings."""
    findings = tuple(findings)
    counts = [
        count(number, severity.value)
        for severity in Severity
        if (number := sum(finding.severity is severity and not finding.waiver for finding in findings))
    ]
    if waived := sum(bool(finding.waiver) for finding in findings):
        counts.append(f"{waived} waived")
    files = {finding.place.file for finding in findings if finding.place is not None}
    where = f" in {count(len(files), 'file')}" if files else ""
    return ", ".join(counts) + where


def verdict(path: str, inventory: Inventory, findings: Iterable[Finding], unchecked: Sized = ()) -> str:
    """The last line of `validate`: what was looked at, what came of it, and that something was not looked at."""
    findings = tuple(findings)
    left_out = f", and {count(len(unchecked), 'remark')} on what was not checked" if unchecked else ""
    told = f"{summary(findings) or paint.good('nothing wrong')}{left_out}"
    if any(finding.severity is Severity.ERROR for finding in findings):
        return f"{one_line(path)}: {told}"
    trunks = {trunk.name for pbx in inventory.pbxs for trunk in pbx.trunks}
    trunks |= {trunk.name for pbx in inventory.pbxs for trunk in pbx.provider_trunks}
    counted = (
        count(len(inventory.pbxs), "PBX"),
        count(sum(len(pbx.extensions) for pbx in inventory.pbxs), "extension"),
        count(len(trunks), "trunk"),
    )
    return f"{one_line(path)}: {', '.join(counted)}: {told}"


def _lines(finding: Finding, quote: Quote | None) -> Iterable[str]:
    yield _head(finding)
    if finding.place is not None and quote is not None:
        yield from quotation.lines(finding.place.line, quote)
    if finding.waiver:
        yield f"{_MEND_INDENT}{one_line(finding.waiver)}"
    if finding.mend:
        yield f"{_MEND_INDENT}{one_line(finding.mend)}"


def _head(finding: Finding) -> str:
    where = str(finding.place) if finding.place is not None else finding.pbx
    head = f"{one_line(where)}: " if where else ""
    return f"{head}{_code(finding)} {one_line(finding.message)}"


def _code(finding: Finding) -> str:
    if finding.waiver:
        return f"{paint.strong(finding.code)} waived:"
    match finding.severity:
        case Severity.ERROR:
            return paint.bad(finding.code)
        case Severity.WARNING:
            return f"{paint.doubtful(finding.code)} warning:"
        case Severity.NOTE:
            return f"{paint.strong(finding.code)} note:"
