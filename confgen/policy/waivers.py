"""What came of the waivers of an inventory: those that have ended, and those that nothing needs. Pure."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from confgen.model.finding import Finding, Severity
from confgen.model.name_pattern import is_pattern, pattern_of
from confgen.model.words import count, listed
from confgen.policy.coverage import can_waive, is_too_far_away

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from confgen.model.policy import Waiver
    from confgen.policy.company import Company
    from confgen.policy.coverage import Found
    from confgen.policy.rule import Rule

_MOST = 4  # subjects that are named


def waiver_findings(
    company: Company,
    to_waive: Found,
    answers: Mapping[Finding, Waiver],
    *,
    unseen: Collection[str],
    is_whole: bool,
    rules: Mapping[str, Rule],
) -> Iterator[Finding]:
    """A finding for each waiver that has ended, that nothing needs, or that can be read in two ways.

    `answers` is who answers for which of what is to waive. Where not all of the inventory could be built, or the code
    is `unseen`, nobody knows what a waiver would cover; one that has ended covers nothing in any case.
    """
    for waiver in company.inventory.policy.waivers:
        if not can_waive(waiver, rules):
            continue
        found = to_waive.covered(waiver)
        if is_pattern(waiver.subject) and to_waive.is_named(waiver):
            yield _ambiguous(waiver, company)
        if company.today > waiver.until:
            again = [finding for finding in found if finding not in answers]
            yield _ended(waiver, len(again), company) if again else _void(waiver, company)
        elif is_too_far_away(waiver.until, company.today):
            continue  # that is told of it, and waives nothing
        elif not found:
            if is_whole and waiver.code not in unseen:
                yield _needless(waiver, to_waive.of_code(waiver.code), company)
        elif all(answers[finding] is not waiver for finding in found):
            yield _doubled(waiver, answers[found[0]], company)


def _ended(waiver: Waiver, number: int, company: Company) -> Finding:
    return Finding(
        code="POL-01",
        message=f"the waiver of {waiver.owner} for {waiver.code} ended on {waiver.until.isoformat()}: "
        f"{count(number, 'finding')} that it covered {'counts' if number == 1 else 'count'} again",
        mend=f"mend what {waiver.code} finds and remove the waiver, or let {waiver.owner} waive it anew with a later "
        "`until`",
        place=waiver.place,
        pbx=company.only_pbx_of(waiver),
    )


def _void(waiver: Waiver, company: Company) -> Finding:
    return _told(
        waiver,
        company,
        f"ended on {waiver.until.isoformat()} and waives nothing any more",
        f"remove it, or let {waiver.owner} waive it anew with a later `until`",
    )


def _doubled(waiver: Waiver, other: Waiver, company: Company) -> Finding:
    return _told(
        waiver,
        company,
        f"covers nothing that is not covered by that of {other.owner} at {other.place}, until "
        f"{other.until.isoformat()}, too",
        "remove one of them",
    )


def _ambiguous(waiver: Waiver, company: Company) -> Finding:
    return Finding(
        code="POL-09",
        message=f"the `subject` of the waiver of {waiver.owner} for {waiver.code} is a name that is there, and a "
        "pattern: it is taken for the name as long as that is there",
        mend=f'write "{pattern_of(waiver.subject)}", which fits that name and no other',
        severity=Severity.WARNING,
        place=waiver.place,
        pbx=company.only_pbx_of(waiver),
    )


def _needless(waiver: Waiver, found: Sequence[Finding], company: Company) -> Finding:
    names = company.by_name
    mend = "remove it"
    if found and not any(map(waiver.is_for, names)):
        near = get_close_matches(waiver.pbx, names, n=1)
        mend += f", or correct `pbx`: {f'is it {near[0]}?' if near else 'no PBX has such a name'}"
    elif subjects := sorted({finding.subject for finding in found if finding.subject and waiver.is_for(finding.pbx)}):
        mend += f", or correct `subject`: {waiver.code} finds {listed(subjects, _MOST)} there"
    return _told(waiver, company, "covers nothing that was found", mend)


def _told(waiver: Waiver, company: Company, wrong: str, mend: str) -> Finding:
    return Finding(
        code="POL-02",
        message=f"the waiver of {waiver.owner} for {waiver.code} {wrong}",
        mend=mend,
        severity=Severity.WARNING,
        place=waiver.place,
        pbx=company.only_pbx_of(waiver),
    )
