"""Local networks that are half the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.networks import wide_network
from confgen.policy.rule import Rule
from confgen.policy.telling import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if pbx.nat is not None and (network := wide_network(pbx.nat.local_networks)) is not None:
            yield told(
                "NET-02",
                pbx,
                f"`local_networks` of `{pbx.name}` hold {network}: those outside are told its inner address, and hear "
                "nothing",
                "write the networks behind the NAT, and no others",
                place=pbx.place_of("nat", "local_networks"),
            )


RULE = Rule(code="NET-02", severity=Severity.WARNING, check=_check)
