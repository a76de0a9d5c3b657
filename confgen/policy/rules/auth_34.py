"""A probe that may come from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.networks import wide_network
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import REFUSED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if pbx.probe is not None and (network := wide_network(pbx.probe.permit)) is not None:
            yield told(
                "AUTH-34",
                pbx,
                f"the probe of `{pbx.name}` may come from {network}",
                "write the addresses of the machines that run confgen",
                place=pbx.place_of("probe", "permit"),
                subject=pbx.probe.name,
            )


RULE = Rule(code="AUTH-34", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, check=_check)
