"""What came of the waivers of an inventory: those that have ended, and those that nothing needs. Pure."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from confgen.model.finding import Finding, Severity
from confgen.model.words import count, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from confgen.model.policy import Waiver
    from confgen.policy.company import Company
    from confgen.policy.rule import Rule

_MOST = 4  # subjects that are named


def waiver_findings(
    company: Company,
    findings: Sequence[Finding],
    *,
    unseen: Collection[str],
    is_whole: bool,
    rules: Mapping[str, Rule],
) -> Iterator[Finding]:
    """A finding for each waiver that has ended, or covers none of these findings.

    Where not all of the inventory could be built, or the code is `unseen`, nobody knows what a waiver would cover.
    """
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    current = [waiver for waiver in company.inventory.policy.waivers if company.today <= waiver.until]
    for waiver in company.inventory.policy.waivers:
        if waiver.code not in rules or not rules[waiver.code].is_waivable:
            continue
        found = by_code.get(waiver.code, [])
        covered = [finding for finding in found if waiver.covers(finding)]
        if waiver not in current:
            covered = [finding for finding in covered if not any(other.covers(finding) for other in current)]
            if covered:
                yield _ended(waiver, len(covered), company)
                continue
        if not covered and is_whole and waiver.code not in unseen:
            yield _needless(waiver, found, company)


def _ended(waiver: Waiver, covered: int, company: Company) -> Finding:
    return Finding(
        code="POL-01",
        message=f"the waiver of {waiver.owner} for {waiver.code} ended on {waiver.until.isoformat()}: "
        f"{count(covered, 'finding')} that it covered {'counts' if covered == 1 else 'count'} again",
        mend=f"mend what {waiver.code} finds and remove the waiver, or let {waiver.owner} waive it anew with a later "
        "`until`",
        place=waiver.place,
        pbx=_pbx(waiver, company),
    )


def _needless(waiver: Waiver, found: Sequence[Finding], company: Company) -> Finding:
    names = company.by_name
    mend = "remove it"
    if found and not any(map(waiver.is_for, names)):
        near = get_close_matches(waiver.pbx, names, n=1)
        mend += f", or correct `pbx`: {f'is it {near[0]}?' if near else 'no PBX has such a name'}"
    elif subjects := sorted({finding.subject for finding in found if finding.subject and waiver.is_for(finding.pbx)}):
        mend += f", or correct `subject`: {waiver.code} finds {listed(subjects, _MOST)} there"
    return Finding(
        code="POL-02",
        message=f"the waiver of {waiver.owner} for {waiver.code} covers nothing that was found",
        mend=mend,
        severity=Severity.WARNING,
        place=waiver.place,
        pbx=_pbx(waiver, company),
    )


def _pbx(waiver: Waiver, company: Company) -> str | None:
    """The PBX that a waiver is for, where it is one."""
    return waiver.pbx if waiver.pbx in company.by_name else None
