"""Phones without an emergency route, or with one that reaches no end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import Emergency
from confgen.model.finding import Severity
from confgen.model.inventory import Part
from confgen.policy.emergency import HOW_TO_WRITE_IT, emergency_finding, reaches
from confgen.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if not pbx.extensions or Part.DIALPLAN not in pbx.manages:
            continue
        if pbx.emergency is None:
            wrong = f"the phones of `{pbx.name}` have no emergency route"
            yield emergency_finding("DIAL-10", pbx, wrong, HOW_TO_WRITE_IT)
        elif isinstance(pbx.emergency, Emergency):
            for number in pbx.emergency.numbers:
                if reaches(pbx, number, company.by_name) is False:
                    yield emergency_finding(
                        "DIAL-10",
                        pbx,
                        f"{number} leads from `{pbx.name}` to no end: none of its ways is a provider's trunk, a line, "
                        "or a PBX that itself has a way for it",
                        "add a way by a provider's trunk or a line; a peer counts where its own `emergency` has the "
                        "number and a way that does not lead back",
                    )


RULE = Rule(code="DIAL-10", severity=Severity.ERROR, check=_check, is_waivable=False)
