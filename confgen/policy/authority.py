"""Authorities that a PBX is given to tell others by: of providers, of peers, of its own API. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from confgen.chains import certificates_in, subject_of, weaknesses
from confgen.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from confgen.model.inventory import Pbx
    from confgen.model.secret import SecretReference

_SOON = timedelta(days=30)


def authorities_of(pbx: Pbx) -> Iterator[tuple[SecretReference, str, str | None]]:
    """Each with whom it is to tell, and the trunk that it is for; that of the PBX's own certificate aside."""
    for trunk in pbx.provider_trunks:
        if trunk.provider.authority is not None:
            yield trunk.provider.authority, f"provider {trunk.provider.name}", trunk.name
    for end in pbx.trunks:
        if end.peer_authority is not None:
            yield end.peer_authority, f"peer {end.peer}", end.name
    if pbx.api is not None and pbx.api.authority is not None:
        yield pbx.api.authority, "its API", None


def authority_findings(
    pbx: Pbx, reference: SecretReference, *, text: str, whose: str, subject: str | None, now: datetime
) -> Iterator[Finding]:
    """Whether there is an authority in PEM among these, and one that is good for the next 30 days.

    A bundle is as good as the best of it: the expired ones in it do no harm.
    """

    def finding(code: str, message: str, mend: str, severity: Severity = Severity.ERROR) -> Finding:
        place = reference.place or pbx.place
        return Finding(
            code=code, message=message, mend=mend, severity=severity, place=place, pbx=pbx.name, subject=subject
        )

    certificates = certificates_in(text)
    if not certificates:
        yield finding("CERT-03", f"{reference} holds no certificate in PEM", "export the authority as PEM")
        return
    last = max(certificates, key=lambda certificate: certificate.not_valid_after_utc)
    ends = last.not_valid_after_utc
    said = f"the authority {subject_of(last)} of {whose}"
    if now > ends:
        yield finding("CERT-06", f"{said} ended on {ends:%Y-%m-%d}", "name the one that follows it")
    elif min(certificate.not_valid_before_utc for certificate in certificates) > now:
        yield finding("CERT-06", f"{said} has not begun", "is the clock of this machine right?")
    elif now + _SOON > ends:
        mend = "add the one that follows it, then push"
        yield finding("CERT-07", f"{said} ends on {ends:%Y-%m-%d}", mend, Severity.WARNING)
    weak = [list(weaknesses(certificate)) for certificate in certificates]
    if all(weak):
        mend = "name one with RSA of 2048 bits or more, or P-256"
        yield finding("CERT-08", f"{said} has {weak[certificates.index(last)][0]}", mend)
