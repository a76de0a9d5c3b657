"""Phones whose emergency route is waived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import NoEmergency
from confgen.model.finding import Severity
from confgen.policy.emergency import emergency_finding
from confgen.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        waiver = pbx.emergency
        if pbx.extensions and isinstance(waiver, NoEmergency) and company.today <= waiver.until:
            yield emergency_finding(
                "DIAL-12",
                pbx,
                f"the phones of `{pbx.name}` have no emergency route: "
                f"waived until {waiver.until} by {waiver.owner}: {waiver.reason}",
                'give them one before that day: `emergency: {numbers: ["112"], via: [{trunk: …}]}`',
            )


RULE = Rule(code="DIAL-12", severity=Severity.WARNING, check=_check, is_waivable=False)
