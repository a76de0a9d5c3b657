"""A number from outside that leads straight outside again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import ToOutside
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
        for trunk in pbx.provider_trunks if Part.DIALPLAN in pbx.manages else ():
            for did in trunk.dids:
                if isinstance(did.destination, ToOutside):
                    yield told(
                        "DIAL-48",
                        pbx,
                        f"{did.number} leads callers from outside straight to {did.destination.number}, at the cost of "
                        f"`{pbx.name}`",
                        "let the provider forward it, or lead it to a phone or a ring group",
                        place=did.place,
                        subject=trunk.name,
                    )


RULE = Rule(code="DIAL-48", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
