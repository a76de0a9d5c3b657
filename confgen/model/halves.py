"""The two halves of a leg, its signalling and its media, and what checks say of each."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from confgen.model.check import GRAVEST_FIRST, Level, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from confgen.model.check import Check


class Half(Enum):
    """What of a leg is encrypted by itself: SIP by TLS, RTP by SRTP."""

    SIGNALLING = "signalling"
    MEDIA = "media"


_BOTH = frozenset(Half)
_SIGNALLING = frozenset({Half.SIGNALLING})
_MEDIA = frozenset({Half.MEDIA})
_NEITHER: frozenset[Half] = frozenset()

# An area that is not named here concerns both: what is wrong there is never left out of a leg.
_AREAS: Mapping[str, frozenset[Half]] = {
    "TLS": _SIGNALLING,
    "CERT": _SIGNALLING,
    "CLEAR": _SIGNALLING,
    "AUTH": _SIGNALLING,
    "SRTP": _MEDIA,
    "CALL": _MEDIA,
    "DIAL": _NEITHER,
    "MGMT": _NEITHER,
}
EXCEPTIONS: Mapping[str, frozenset[Half]] = {
    "CALL-01": _SIGNALLING,
    "CALL-03": _SIGNALLING,  # registrations at providers, without a call
    "CALL-04": _SIGNALLING,
    "CALL-05": _SIGNALLING,
    "CALL-07": _SIGNALLING,
    "CALL-09": _SIGNALLING,
    "CLEAR-07": _BOTH,  # a channel that has no encryption has none for media either
    "LEG-03": _SIGNALLING,
    "LEG-04": _NEITHER,  # a direction in which nobody can call; the other one tells of both halves
    "OUT-01": _NEITHER,  # what a PBX runs cannot be seen from outside; what is seen on the wire stands by itself
    "OUT-03": _SIGNALLING,
    "OUT-04": _MEDIA,
    "OUT-05": _MEDIA,
    "OUT-06": _SIGNALLING,
    "STATE-05": _MEDIA,  # the ports of RTP
    "STATE-07": _SIGNALLING,  # the ports of TLS
    "STATE-09": _SIGNALLING,
    "TCX-30": _SIGNALLING,
    "TCX-31": _NEITHER,  # what is not as pushed, and has no code of its own
    "TCX-32": _MEDIA,
    "TCX-33": _NEITHER,  # of trunks, whose legs are proven by themselves; so are the next but one
    "TCX-34": _NEITHER,
    "TCX-36": _NEITHER,
    "TCX-37": _NEITHER,
    "TCX-38": _NEITHER,
    "TCX-39": _SIGNALLING,
    "TCX-40": _NEITHER,
    "TCX-41": _NEITHER,
    "TCX-42": _NEITHER,
    "TCX-43": _NEITHER,
}

# Only what was seen on the wire proves a half: a handshake or a call for signalling, a call alone for media.
_PROVING: Mapping[Half, frozenset[Level]] = {
    Half.SIGNALLING: frozenset({Level.TLS, Level.CALL}),
    Half.MEDIA: frozenset({Level.CALL}),
}


def halves_of(code: str) -> frozenset[Half]:
    """Which halves of a leg a check of this code says something of."""
    return EXCEPTIONS.get(code, _AREAS.get(code.partition("-")[0], _BOTH))


def verdict_of(half: Half, checks: Collection[Check]) -> Verdict:
    """The gravest verdict on this half; not checked where all passed and nothing was seen of it on the wire."""
    told = [check for check in checks if half in halves_of(check.code)]
    found = {check.verdict for check in told}
    gravest = next((verdict for verdict in GRAVEST_FIRST if verdict in found), Verdict.NOT_CHECKED)
    if gravest is Verdict.PASSED and not any(check.level in _PROVING[half] for check in told):
        return Verdict.NOT_CHECKED
    return gravest
