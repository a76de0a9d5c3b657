"""The manager interface can be reached over the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.networks import is_loopback
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if pbx.ami is not None and not is_loopback(pbx.ami.bind):
            yield told(
                "MGMT-23",
                pbx,
                f"the manager interface (AMI) of `{pbx.name}` listens on {pbx.ami.bind}, where others reach it",
                "write `bind: 127.0.0.1`, and reach it through SSH; or give it an address of a network for management",
                place=pbx.place_of("ami", "bind"),
            )


RULE = Rule(code="MGMT-23", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
