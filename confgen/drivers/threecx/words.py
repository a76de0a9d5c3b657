"""A finding of one PBX in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Finding, Severity

if TYPE_CHECKING:
    from confgen.model.finding import Place
    from confgen.model.inventory import Pbx


def finding(
    pbx: Pbx,
    code: str,
    message: str,
    mend: str,
    place: Place | None = None,
    *,
    severity: Severity = Severity.ERROR,
) -> Finding:
    """At the PBX's own place where no other is given."""
    return Finding(code=code, message=message, mend=mend, severity=severity, place=place or pbx.place, pbx=pbx.name)
