"""Known attackers are perhaps let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.rule import Rule
from confgen.policy.telling import product_place, told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        settings = {} if pbx.product is None else pbx.product.values.get("anti_hacking", {})
        if not company.has_files(pbx) and settings.get("security_defense_program") is not True:
            yield told(
                "MGMT-36",
                pbx,
                f"nothing says that `{pbx.name}` refuses addresses that attacked other systems of its kind",
                "write `anti_hacking: {security_defense_program: true}`",
                place=product_place(pbx, "anti_hacking"),
            )


RULE = Rule(code="MGMT-36", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
