"""Passwords that go through MD5, where the PBX knows SHA-256."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.inventory import DigestAlgorithm
from confgen.policy.rule import Rule, Together
from confgen.policy.telling import told_of_extensions
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if company.knows_sha_256(pbx):
            yield from told_of_extensions(
                "AUTH-32",
                pbx,
                [extension for extension in pbx.extensions if extension.digest is DigestAlgorithm.MD5],
                f"the password of {{who}} of `{pbx.name}` goes through MD5, and this Asterisk knows SHA-256",
                "write `digest: sha-256` into `extension_defaults`, when all its phones can (RFC 8760)",
            )


_TOGETHER = Together(
    message="the passwords of the extensions {who} of `{pbx}` go through MD5, and this Asterisk knows SHA-256"
)

RULE = Rule(code="AUTH-32", severity=None, profiles=WARNED_WHERE_STRICT, check=_check, together=_TOGETHER)
