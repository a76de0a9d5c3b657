"""Emergency calls have one way out only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import Emergency
from confgen.model.inventory import Part
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if Part.DIALPLAN not in pbx.manages or not pbx.extensions or not isinstance(pbx.emergency, Emergency):
            continue
        if len({way.way for way in pbx.emergency.ways}) == 1:
            yield told(
                "DIAL-54",
                pbx,
                f"emergency calls of `{pbx.name}` have one way out: while it is disturbed, nobody gets help",
                "add a second way under `via`: another provider, a line, or a trunk to another PBX that has one",
                place=pbx.emergency.place,
            )


RULE = Rule(code="DIAL-54", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
