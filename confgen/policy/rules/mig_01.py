"""Phones that may speak in clear, up to a day that is still to come."""

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
        if migration is not None and company.today <= migration.until:
            reason = "" if migration.reason is None else f" ({migration.reason})"
            yield Finding(
                code="MIG-01",
                message=f"{phones_in_clear(pbx, migration)}: {migration.words}{reason}",
                mend="move them to encryption one by one, take each out of `migration`, and push",
                place=migration.place,
                pbx=pbx.name,
            )


RULE = Rule(code="MIG-01", severity=Severity.WARNING, check=_check, is_waivable=False)
