"""The host is reached as root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if pbx.ssh.user == "root":
            yield told(
                "MGMT-25",
                pbx,
                f"`{pbx.name}` is configured as root over SSH: whoever has the key has the host",
                "write another `user` and `sudo: true`; `confgen bootstrap` prints what root has to do once",
                place=pbx.place_of("ssh", "user"),
            )


RULE = Rule(code="MGMT-25", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
