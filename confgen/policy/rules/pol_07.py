"""A waiver that is written for longer than a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Finding, Severity
from confgen.policy.coverage import is_too_far_away
from confgen.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for waiver in company.inventory.policy.waivers:
        if company.is_far_away(waiver.until) and not is_too_far_away(waiver.until, company.today):  # POL-08
            yield Finding(
                code="POL-07",
                message=f"the waiver of {waiver.owner} for {waiver.code} lasts until {waiver.until.isoformat()}, more "
                "than a year from now",
                mend="give it a day within a year, on which somebody looks at it again",
                place=waiver.place,
            )


RULE = Rule(
    code="POL-07",
    severity=Severity.WARNING,
    check=_check,
    is_waivable=False,
)
