"""Exceptions of every form that last longer than anybody can answer for. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import NoEmergency
from confgen.model.finding import Finding
from confgen.policy.coverage import is_too_far_away

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from confgen.model.finding import Place
    from confgen.policy.company import Company


def too_long_findings(company: Company) -> Iterator[Finding]:
    """A finding for each waiver, migration and waived emergency route that ends more than two years from now."""
    for what, until, place, pbx in _exceptions(company):
        if is_too_far_away(until, company.today):
            yield Finding(
                code="POL-08",
                message=f"{what} lasts until {until.isoformat()}, more than two years from now",
                mend="give it a day within a year, and renew it then if the reason still holds",
                place=place,
                pbx=pbx,
            )


def _exceptions(company: Company) -> Iterator[tuple[str, date, Place, str | None]]:
    for waiver in company.inventory.policy.waivers:
        yield f"the waiver of {waiver.owner} for {waiver.code}", waiver.until, waiver.place, company.only_pbx_of(waiver)
    for pbx in company.pbxs:
        if pbx.migration is not None:
            migration = pbx.migration
            yield f"the migration of `{pbx.name}`", migration.until, migration.place, pbx.name
        if isinstance(pbx.emergency, NoEmergency):
            waived = pbx.emergency
            yield f"the waiver of emergency calls of `{pbx.name}`", waived.until, waived.place, pbx.name
