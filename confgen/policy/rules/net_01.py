"""SIP on every address of the host."""

from __future__ import annotations

from ipaddress import ip_address
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
        everywhere = [address for address in pbx.bind if ip_address(address).is_unspecified]
        if everywhere and company.has_files(pbx):
            yield told(
                "NET-01",
                pbx,
                f"`{pbx.name}` takes SIP on every address of its host ({everywhere[0]}), those of management included",
                "write the addresses of the networks that phones and providers are in: `sip: {bind: [192.0.2.10]}`",
                place=pbx.place_of("sip", "bind"),
            )


RULE = Rule(code="NET-01", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
