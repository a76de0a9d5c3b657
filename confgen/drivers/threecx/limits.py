"""What no setting of a 3CX can bring about. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.check import Level, Question, Vantage
from confgen.model.limits import Limits

if TYPE_CHECKING:
    from confgen.model.inventory import Pbx

_CLEAR = "3CX takes SIP in clear text on 5060, and no setting closes it"
_TLS = "3CX has no setting for versions, cipher suites and groups of TLS"
_NAMES = "3CX has no setting for what it tells of names"
_PHONES = "no setting of 3CX makes a phone signal over TLS"


def not_enforceable(pbx: Pbx) -> Limits:
    """Clear text to its TLS port is another matter: that it drops, or it fails."""
    phones = Question(code="TCX-30", level=Level.CLEAR, subject="phones", vantage=Vantage.INSIDE)
    return Limits(
        reasons={"CLEAR-04": _CLEAR, **dict.fromkeys(("TLS-04", "TLS-06", "TLS-11", "TLS-12"), _TLS), "OUT-03": _NAMES},
        known=frozenset({"CLEAR-04", "OUT-03"}),
        standing=(
            phones.not_enforceable(
                _PHONES, "whether one does is up to the phone; 3CX's own apps and SBC encrypt in their tunnel"
            ),
        )
        if pbx.extensions
        else (),
    )
