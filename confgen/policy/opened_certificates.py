"""Certificates of an inventory as far as they were opened, judged before any PBX is asked. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.authority import authorities_of, authority_findings
from confgen.policy.certificate import certificate_findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from confgen.model.finding import Finding
    from confgen.model.inventory import Pbx
    from confgen.model.secret import SecretReference
    from confgen.policy.opened import Opened


def opened_certificate_findings(pbx: Pbx, opened: Opened, now: datetime) -> Iterator[Finding]:
    """What is wrong with those of one PBX; what was not opened is said elsewhere."""

    def text(reference: SecretReference) -> str | None:
        known = opened.texts.get(reference)
        return None if known is None else known.reveal()

    own = pbx.own_certificate
    if own is not None and (chain := text(own.chain)) is not None:
        yield from certificate_findings(pbx, chain=chain, key=text(own.key), authority=text(own.authority), now=now)
    for reference, whose, subject in authorities_of(pbx):
        if (authority := text(reference)) is not None:
            yield from authority_findings(pbx, reference, text=authority, whose=whose, subject=subject, now=now)
