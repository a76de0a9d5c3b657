"""Phones that may speak in clear by a waiver that has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Finding, Severity
from confgen.policy.migration import phones_in_clear
from confgen.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        migration = pbx.migration
        if migration is not None and company.today > migration.until:
            owner = migration.owner
            yield Finding(
                code="MIG-02",
                message=f"{phones_in_clear(pbx, migration)}: the waiver of {owner} ended on {migration.until}",
                mend=f"move them to encryption and remove `migration`, or let {owner} waive it anew with a later "
                "`until`",
                place=migration.place,
                pbx=pbx.name,
            )


RULE = Rule(code="MIG-02", severity=Severity.ERROR, check=_check, is_waivable=False)
