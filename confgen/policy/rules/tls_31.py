"""Nobody is asked for a certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.inventory import ClientCertificates
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import NOTED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        own = pbx.own_certificate
        if own is not None and own.client_certificates is not ClientCertificates.REQUIRED and company.has_files(pbx):
            yield told(
                "TLS-31",
                pbx,
                f"`{pbx.name}` asks neither phones nor peers for a certificate: a password alone proves who registers",
                "give phones certificates of your authority, then write `certificate: {client_certificates: required}`",
                place=pbx.place_of("certificate", "client_certificates"),
            )


RULE = Rule(code="TLS-31", severity=None, profiles=NOTED_WHERE_STRICT, check=_check)
