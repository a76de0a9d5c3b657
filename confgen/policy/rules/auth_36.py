"""A provider's addresses that are half the world."""

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
        for trunk in pbx.provider_trunks:
            if (network := wide_network(trunk.addresses)) is not None:
                yield told(
                    "AUTH-36",
                    pbx,
                    f"`addresses` of the trunk {trunk.name} hold {network}: whoever is there calls in as the provider",
                    "write the networks that the provider names in its documents, and no others",
                    place=trunk.place,
                    subject=trunk.name,
                )


RULE = Rule(code="AUTH-36", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, check=_check)
