"""A module that speaks in clear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.modules import own_modules
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import REFUSED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company

# What each speaks: https://docs.asterisk.org/Asterisk_22_Documentation/API_Documentation/Module_Configuration/
_IN_CLEAR = {
    "chan_sip": "the old SIP channel, which listens on UDP in clear and is mended no more",
    "chan_iax2": "IAX2 listens on UDP 4569 and encrypts neither who calls whom nor, mostly, what is said",
    "chan_mgcp": "MGCP has no encryption",
    "chan_skinny": "SCCP has no encryption here",
    "chan_unistim": "Unistim has no encryption",
    "chan_ooh323": "H.323 has no encryption here",
    "chan_motif": "Jingle media has no SRTP here",
    "chan_rtp": "it sends plain RTP to whatever address it is told",
    "chan_multicast_rtp": "it sends plain RTP to everybody in the network",
}


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        for module, place in own_modules(pbx):
            if module in _IN_CLEAR:
                yield told(
                    "MGMT-28",
                    pbx,
                    f"`{pbx.name}` loads {module}: {_IN_CLEAR[module]}",
                    "take it out, and move its phones to SIP over TLS",
                    place=place,
                    subject=module,
                )


RULE = Rule(code="MGMT-28", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, check=_check)
