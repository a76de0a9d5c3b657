"""A provider whose name is an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.networks import is_address
from confgen.policy.rule import Rule
from confgen.policy.telling import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        for trunk in pbx.provider_trunks:
            if is_address(trunk.provider.domain):
                yield told(
                    "NET-05",
                    pbx,
                    f"the provider {trunk.provider.name} is known by the address {trunk.provider.domain}: whoever has "
                    "that address later needs only a certificate for it",
                    "write the name that the provider's documents give, which its certificate has to carry",
                    place=trunk.provider.place,
                    subject=trunk.name,
                )


RULE = Rule(code="NET-05", severity=Severity.WARNING, check=_check)
