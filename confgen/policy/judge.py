"""Findings as the policy of an inventory wants them: rules run, weighed and waived. Pure.

Nothing here changes what is rendered: it only says how much a finding weighs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.faults import policy_faults
from confgen.policy.rules import RULES
from confgen.policy.waivers import waiver_findings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from confgen.model.finding import Finding
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
    waived = _Waived(policy.waivers, company.today, rules)
    judged = [waived.of(finding) for finding in weighed]
    about = [*policy_faults(policy, rules)]
    about += waiver_findings(company, weighed, unseen=unseen, is_whole=is_whole, rules=rules)
    return tuple(sorted((*judged, *_weighed(about, policy, rules)), key=lambda finding: finding.sort_key()))


def weighed_and_waived(
    findings: Iterable[Finding], policy: Policy, *, today: date, rules: Mapping[str, Rule] = RULES
) -> tuple[Finding, ...]:
    """Findings that came up later than the inventory was judged, as its policy wants them."""
    waived = _Waived(policy.waivers, today, rules)
    return tuple(waived.of(finding) for finding in _weighed(findings, policy, rules))


def _checked(company: Company, policy: Policy, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    for rule in rules.values():
        if rule.check is not None and rule.weight_by(policy) is not None:
            yield from rule.check(company)


def _weighed(findings: Iterable[Finding], policy: Policy, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    weights = {code: rule.weight_by(policy) for code, rule in rules.items()}
    for finding in findings:
        rule = rules.get(finding.code)
        if rule is None:
            yield finding
            continue
        weight = weights[finding.code]
        if weight is None:
            continue
        keeps_its_own = rule.check is None and weight is rule.severity
        yield finding if keeps_its_own else replace(finding, severity=weight)


class _Waived:
    """The waivers that hold, by the rules that they are for."""

    def __init__(self, waivers: Sequence[Waiver], today: date, rules: Mapping[str, Rule]) -> None:
        self._by_code: dict[str, list[Waiver]] = {}
        for waiver in waivers:
            if waiver.code in rules and rules[waiver.code].is_waivable and today <= waiver.until:
                self._by_code.setdefault(waiver.code, []).append(waiver)

    def of(self, finding: Finding) -> Finding:
        """The finding, as a note with the words of the waiver where one covers it."""
        for waiver in self._by_code.get(finding.code, ()):
            if waiver.covers(finding):
                return replace(finding, severity=Severity.NOTE, waiver=waiver.words)
        return finding
