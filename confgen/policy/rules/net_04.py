"""A PBX whose name is an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.networks import is_address
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if is_address(pbx.domain):
            yield told(
                "NET-04",
                pbx,
                f"phones know `{pbx.name}` by the address {pbx.domain}: few authorities write one into a certificate, "
                "and many phones do not look for it there",
                "give it a name, and a certificate for that name",
                place=pbx.place_of("sip", "domain"),
            )


RULE = Rule(code="NET-04", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
