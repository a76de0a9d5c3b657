"""Callers from outside are led outside, and nothing limits how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.model.inventory import Part
from confgen.policy.outside import leads_outside, reaching_outside
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import REFUSED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        unlimited = [trunk for trunk in pbx.provider_trunks if trunk.most_calls is None]
        if Part.DIALPLAN not in pbx.manages or not unlimited:
            continue
        reaching = reaching_outside(pbx)
        for trunk in unlimited:
            for did in trunk.dids:
                if leads_outside(did.destination, reaching):
                    yield told(
                        "DIAL-47",
                        pbx,
                        f"whoever calls {did.number} from outside can be led outside again at the cost of "
                        f"`{pbx.name}`, and the trunk {trunk.name} has no limit",
                        "write `max_calls` at the trunk, or lead the number to a phone that is not forwarded outside",
                        place=did.place,
                        subject=trunk.name,
                    )


RULE = Rule(code="DIAL-47", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, check=_check)
