"""A waiver of emergency calls that lasts longer than a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import NoEmergency
from confgen.model.finding import Severity
from confgen.policy.rule import Rule
from confgen.policy.telling import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        waiver = pbx.emergency
        if pbx.extensions and isinstance(waiver, NoEmergency) and company.is_far_away(waiver.until):
            yield told(
                "DIAL-58",
                pbx,
                f"that the phones of `{pbx.name}` reach no emergency service is waived until {waiver.until}, more "
                "than a year from now",
                "give it a day within a year, on which somebody looks at it again",
                place=waiver.place,
            )


RULE = Rule(code="DIAL-58", severity=Severity.WARNING, check=_check)
