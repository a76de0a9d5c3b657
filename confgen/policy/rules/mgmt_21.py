"""A user of the manager interface who may come from anywhere."""

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
        for user in pbx.ami.users if pbx.ami is not None else ():
            if (network := wide_network(user.permit)) is not None:
                yield told(
                    "MGMT-21",
                    pbx,
                    f"the AMI user {user.name} of `{pbx.name}` may come from {network}",
                    "write the addresses of the programs that use it",
                    place=user.place,
                    subject=user.name,
                )


RULE = Rule(code="MGMT-21", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, check=_check)
