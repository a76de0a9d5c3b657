"""A module that gives callers a dial tone (DISA)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.modules import own_modules
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import REFUSED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        for module, place in own_modules(pbx):
            if module == "app_disa":
                yield told(
                    "MGMT-30",
                    pbx,
                    f"`{pbx.name}` loads app_disa: whoever guesses its code calls from outside at your cost",
                    "take it out: who travels registers a soft client, or calls back by a number of the company",
                    place=place,
                    subject=module,
                )


RULE = Rule(code="MGMT-30", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, check=_check)
