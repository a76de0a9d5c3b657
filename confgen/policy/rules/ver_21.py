"""What is known of a product's faults has grown old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company

_OLD = 180  # days


def _check(company: Company) -> Iterator[Finding]:
    kinds = {pbx.kind: pbx for pbx in reversed(company.pbxs)}
    for kind, pbx in kinds.items():
        known = company.traits[kind].faults_known_until if kind in company.traits else None
        if known is not None and (company.today - known).days > _OLD:
            yield told(
                "VER-21",
                pbx,
                f"this confgen knows the security faults of {kind} up to {known} only",
                "install a newer confgen, and look at the advisories of the product yourself meanwhile",
                place=pbx.place_of("product_version"),
                subject=kind,
            )


RULE = Rule(code="VER-21", severity=Severity.NOTE, profiles=WARNED_WHERE_STRICT, check=_check)
