"""A provider that is known by its addresses alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.inventory import ClientCertificates
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        own = pbx.own_certificate
        if own is not None and own.client_certificates is ClientCertificates.REQUIRED:
            continue
        for trunk in pbx.provider_trunks:
            if trunk.addresses and (trunk.account is None or not trunk.account.registers):
                yield told(
                    "AUTH-35",
                    pbx,
                    f"calls by the trunk {trunk.name} of `{pbx.name}` are taken from whoever has one of the provider's "
                    "addresses: no password and no certificate proves who calls",
                    "let the PBX register with the provider, or write `client_certificates: required`, which asks the "
                    "provider for its certificate",
                    place=trunk.place,
                    subject=trunk.name,
                )


RULE = Rule(code="AUTH-35", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
