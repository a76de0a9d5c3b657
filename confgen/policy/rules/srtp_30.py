"""Keys of calls that pass through signalling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.inventory import MediaEncryption
from confgen.model.words import count
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import NOTED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        keyed = sum(extension.media_encryption is MediaEncryption.SDES for extension in pbx.extensions)
        if keyed and company.has_files(pbx):
            yield told(
                "SRTP-30",
                pbx,
                f"the keys of calls of {count(keyed, 'phone')} of `{pbx.name}` stand in SIP (SDES): every PBX and SBC "
                "on the way sees them",
                "nothing where TLS leads to PBXs of your own; phones that can DTLS get `media_encryption: dtls`",
                place=pbx.place_of("extension_defaults"),
            )


RULE = Rule(code="SRTP-30", severity=None, profiles=NOTED_WHERE_STRICT, check=_check)
