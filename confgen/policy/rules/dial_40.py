"""A route abroad, where no country is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.model.readings import sent_by
from confgen.model.toll import outward_routes
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.tolls import guarded_pbxs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.dialling import Dialling, Route
    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in guarded_pbxs(company):
        if pbx.dialling.countries:
            continue
        for route in outward_routes(pbx):
            if _leads_abroad(route, pbx.dialling):
                yield told(
                    "DIAL-40",
                    pbx,
                    f"the route {route.numbers} of `{pbx.name}` leads abroad, and no other country may be called: "
                    "every such call is refused",
                    'list the countries, such as `dialling: {countries: ["43", "41"]}`; where none is meant, your own '
                    "alone",
                    place=route.place,
                    subject=route.numbers,
                )


def _leads_abroad(route: Route, dialling: Dialling) -> bool:
    """Whether all that it sends goes abroad, and what is dialled decides where."""
    sent = sent_by(route, dialling)
    return sent.country is None and sent.leads_abroad


RULE = Rule(code="DIAL-40", severity=Severity.WARNING, check=_check)
