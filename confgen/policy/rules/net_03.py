"""More ports for media than calls can need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.words import count
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import NOTED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company

_OF_A_CALL = 4  # two legs, each with RTP and RTCP
_ENOUGH = 1000  # below, nobody counts


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        ports = pbx.rtp_ports
        if ports is not None and ports.last - ports.first + 1 > max(_ENOUGH, _OF_A_CALL * len(pbx.extensions)):
            yield told(
                "NET-03",
                pbx,
                f"`{pbx.name}` keeps {ports.last - ports.first + 1:,} UDP ports for media, which "
                f"{count(len(pbx.extensions), 'extension')} cannot use: the firewall stands open for nothing",
                "write a range of four ports for each call at once",
                place=pbx.place_of("rtp", "ports"),
            )


RULE = Rule(code="NET-03", severity=None, profiles=NOTED_WHERE_STRICT, check=_check)
