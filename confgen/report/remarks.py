"""What an answer has to remark upon: findings and checks in one shape, for programs that know places and weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from confgen.model.check import Check, Verdict
from confgen.model.finding import Finding, Place, Severity
from confgen.model.inventory import Pbx
from confgen.model.result import Result
from confgen.report.answer import Answer
from confgen.report.visible import one_line

_COMMAND_LINE = Place("outside/command-line", 1, 1)
_WEIGHTS: Mapping[Verdict, Severity] = {
    Verdict.FAILED: Severity.ERROR,
    Verdict.UNKNOWN: Severity.WARNING,
    Verdict.WAIVED: Severity.ERROR,
    Verdict.NOT_ENFORCEABLE: Severity.NOTE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A finding, or a check that did not pass; every text is one line that is safe to show."""

    code: str
    weight: Severity  # of a waived check: what it would weigh
    text: str
    mend: str
    place: Place | None
    pbx: str
    about: str  # with code and PBX what makes it the same from run to run, wherever it stands
    waiver: str = ""  # what is said of who answers for it
    check: Check | None = None


def remarks(told: Answer, pbxs: Iterable[Pbx]) -> tuple[Remark, ...]:
    """Findings first, then checks; `pbxs` are those of the inventory.

    A check stands where its PBX or trunk is described. Without an inventory a file that is named after the PBX stands
    for it (`outside/sip.example.net:5061`), since hardly a program takes a remark without a place.
    """
    every = (*told.pbxs, *told.put_back, *told.legs)
    places = _places(pbxs) if told.inventory else _stand_ins(every)
    return (
        *(_of_finding(finding, None if told.inventory else _COMMAND_LINE) for finding in told.findings),
        *(_of_finding(finding) for result in every for finding in result.findings),
        *(
            _of_check(result, check, places.get(result.pbx))
            for result in every
            for check in result.checks
            if check.verdict in _WEIGHTS
        ),
    )


def fingerprints(told: Iterable[Remark]) -> tuple[str, ...]:
    """A name for each, the same from run to run, and no other's: those that are alike are numbered."""
    seen: Counter[str] = Counter()
    names = []
    for remark in told:
        name = f"{remark.code}\n{remark.pbx}\n{remark.about}"
        seen[name] += 1
        again = f"\n{seen[name]}" if seen[name] > 1 else ""
        names.append(sha256(f"{name}{again}".encode(errors="backslashreplace")).hexdigest())
    return tuple(names)


def _places(pbxs: Iterable[Pbx]) -> Mapping[str, Place]:
    """Of legs and PBXs by their names; a PBX's own comes first, as it does in an answer."""
    pbxs = tuple(pbxs)
    trunks = {trunk.name: trunk.place for pbx in pbxs for trunk in pbx.trunks}
    providers = {trunk.name: trunk.place for pbx in pbxs for trunk in pbx.provider_trunks}
    return trunks | providers | {pbx.name: pbx.place for pbx in pbxs}


def _stand_ins(results: Iterable[Result]) -> Mapping[str, Place]:
    return {result.pbx: Place(f"outside/{result.pbx}", 1, 1) for result in results}


def _of_finding(finding: Finding, otherwise: Place | None = None) -> Remark:
    about = f"{one_line(finding.pbx)}: " if finding.pbx is not None and finding.place is None else ""
    return Remark(
        code=finding.code,
        weight=finding.severity,
        text=f"{about}{one_line(finding.message)}",
        mend=one_line(finding.mend),
        place=finding.place or otherwise,
        pbx=finding.pbx or "",
        about=finding.subject or finding.message,
        waiver=one_line(finding.waiver),
    )


def _of_check(result: Result, check: Check, place: Place | None) -> Remark:
    message = one_line(check.message)
    return Remark(
        code=check.code,
        weight=_WEIGHTS[check.verdict],
        text=f"{one_line(result.pbx)}: {one_line(check.subject)}: {message}",
        mend=one_line(check.mend),
        place=place,
        pbx=result.pbx,
        about=check.subject,
        waiver=message if check.verdict is Verdict.WAIVED else "",
        check=check,
    )
