"""A host key that the inventory does not pin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.model.inventory import JumpHost, SshAccess
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if pbx.api is not None and pbx.api.is_direct:  # no SSH leads there
            continue
        hosts: tuple[SshAccess | JumpHost, ...] = (pbx.ssh, *(pbx.ssh.jump_hosts or ()))
        for host in hosts:
            if host.host_key is None and host.known_hosts is None:
                yield told(
                    "MGMT-26",
                    pbx,
                    f"which key {host.address} shows, on the way to `{pbx.name}`, is up to ~/.ssh/known_hosts of "
                    "whoever runs confgen",
                    "write `host_key`, as `ssh-keygen -l` prints it, or `known_hosts`, a file beside the inventory",
                    place=pbx.place_of("ssh"),
                    subject=host.address,
                )


RULE = Rule(code="MGMT-26", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
