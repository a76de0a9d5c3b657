"""Phones whose emergency route was waived, up to a day that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import NoEmergency
from confgen.model.finding import Severity
from confgen.policy.emergency import HOW_TO_WRITE_IT, emergency_finding
from confgen.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        waiver = pbx.emergency
        if pbx.extensions and isinstance(waiver, NoEmergency) and company.today > waiver.until:
            yield emergency_finding(
                "DIAL-13",
                pbx,
                f"the phones of `{pbx.name}` have no emergency route: "
                f"the waiver of {waiver.owner} ended on {waiver.until}",
                f"give them a route, or let {waiver.owner} waive it anew; {HOW_TO_WRITE_IT}",
            )


RULE = Rule(code="DIAL-13", severity=Severity.ERROR, check=_check, is_waivable=False)
