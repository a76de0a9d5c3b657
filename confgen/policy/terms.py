"""Waivers that last longer than anybody can answer for. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Finding
from confgen.policy.coverage import is_too_far_away

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.policy.company import Company


def too_long_findings(company: Company) -> Iterator[Finding]:
    """A finding for each waiver that ends more than two years from now."""
    for waiver in company.inventory.policy.waivers:
        if is_too_far_away(waiver.until, company.today):
            yield Finding(
                code="POL-08",
                message=f"the waiver of {waiver.owner} for {waiver.code} lasts until {waiver.until.isoformat()}, more "
                "than two years from now: it waives nothing",
                mend="give it a day within a year, and renew it then if the reason still holds",
                place=waiver.place,
                pbx=company.only_pbx_of(waiver),
            )
