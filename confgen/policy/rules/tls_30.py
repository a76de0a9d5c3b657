"""TLS 1.2 alone, where 1.3 can be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.inventory import TlsVersion
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import ALLOWED_BY_BSI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if TlsVersion.TLS_1_3 not in pbx.tls_versions:
            yield told(
                "TLS-30",
                pbx,
                f"`{pbx.name}` takes TLS 1.2 only",
                'write `sip: {tls_versions: ["1.2", "1.3"]}`; OpenSSL 1.1.1 or later on the host speaks both',
                place=pbx.place_of("sip", "tls_versions"),
            )


# TR-02102-2 recommends TLS 1.2 with forward secrecy as well as 1.3.
RULE = Rule(code="TLS-30", severity=None, profiles=ALLOWED_BY_BSI, check=_check)
