"""A migration that lasts longer than a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.rule import Rule
from confgen.policy.telling import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if pbx.migration is not None and company.is_far_away(pbx.migration.until):
            yield told(
                "MIG-10",
                pbx,
                f"phones of `{pbx.name}` may speak in clear until {pbx.migration.until}, more than a year from now",
                "give it a day within a year, and move the phones by then",
                place=pbx.migration.place,
            )


RULE = Rule(code="MIG-10", severity=Severity.WARNING, check=_check)
