"""Findings as the policy of an inventory wants them: rules run, weighed and waived. Pure.

Nothing here changes what is rendered: it only says how much a finding weighs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.coverage import Found, answered, in_force, names_like_patterns
from confgen.policy.faults import policy_faults
from confgen.policy.gathering import gathered
from confgen.policy.rules import RULES
from confgen.policy.terms import too_long_findings
from confgen.policy.waivers import waiver_findings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date

    from confgen.model.finding import Finding
    from confgen.model.inventory import Inventory
    from confgen.model.policy import Policy, Waiver
    from confgen.policy.company import Company
    from confgen.policy.rule import Rule


def judge(
    company: Company,
    findings: Iterable[Finding],
    *,
    unseen: Collection[str] = (),
    rules: Mapping[str, Rule] = RULES,
) -> tuple[Finding, ...]:
    """The findings of loading and drivers, those of every rule, and those of the policy itself, in order.

    `unseen` are codes that were not looked for, or not everywhere: nobody can say of their waivers that none is needed.
    """
    policy = company.inventory.policy
    found = tuple(findings)
    is_whole = not any(finding.severity is Severity.ERROR and finding.code not in rules for finding in found)
    weighed = tuple(_weighed((*found, *_checked(company, policy, rules)), policy, rules))
    to_waive = Found(weighed, names_like_patterns(company.pbxs))
    answers = answered(in_force(policy.waivers, company.today, rules), to_waive)
    judged = gathered(_waived(weighed, answers), rules)
    about = [*policy_faults(policy, rules), *too_long_findings(company)]
    about += waiver_findings(company, to_waive, answers, unseen=unseen, is_whole=is_whole, rules=rules)
    return tuple(sorted((*judged, *_weighed(about, policy, rules)), key=lambda finding: finding.sort_key()))


def weighed_and_waived(
    findings: Iterable[Finding], inventory: Inventory, *, today: date, rules: Mapping[str, Rule] = RULES
) -> tuple[Finding, ...]:
    """Findings that came up later than the inventory was judged, as its policy wants them."""
    weighed = tuple(_weighed(findings, inventory.policy, rules))
    waivers = in_force(inventory.policy.waivers, today, rules)
    return tuple(_waived(weighed, answered(waivers, Found(weighed, names_like_patterns(inventory.pbxs)))))


def _checked(company: Company, policy: Policy, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    for rule in rules.values():
        if rule.check is not None and rule.weight_by(policy) is not None:
            yield from rule.check(company)


def _weighed(findings: Iterable[Finding], policy: Policy, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    for finding in findings:
        rule = rules.get(finding.code)
        if rule is None:
            yield finding
            continue
        weight = rule.weight_by(policy)
        if weight is None:
            continue
        setting = policy.settings.get(finding.code)
        is_set = setting is not None and setting.severity is weight
        keeps_its_own = rule.check is None and weight is rule.severity and not is_set
        yield finding if keeps_its_own else replace(finding, severity=weight)


def _waived(findings: Iterable[Finding], answers: Mapping[Finding, Waiver]) -> Iterator[Finding]:
    """Each finding, as a note with the words of the waiver that answers for it."""
    for finding in findings:
        waiver = answers.get(finding) if answers else None
        words = "" if waiver is None else waiver.words_at(finding.place)
        yield replace(finding, severity=Severity.NOTE, waiver=words) if words else finding
