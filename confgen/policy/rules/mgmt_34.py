"""The PBX runs as root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import REFUSED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if pbx.installation.user == "root":
            yield told(
                "MGMT-34",
                pbx,
                f"`{pbx.name}` is said to run as root: a fault in it hands over the host",
                "run it as a user of its own, such as asterisk, and write that one, or nothing, under `installation`",
                place=pbx.place_of("installation", "user"),
            )


RULE = Rule(code="MGMT-34", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, check=_check)
