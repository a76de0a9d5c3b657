"""Extensions that may come from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.rule import Rule, Together
from confgen.policy.telling import told_of_extensions
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if company.has_files(pbx):
            yield from told_of_extensions(
                "AUTH-30",
                pbx,
                [extension for extension in pbx.extensions if not extension.permit],
                f"{{who}} of `{pbx.name}` may come from any network in the world",
                "write the networks that its phones are in, `permit: [192.0.2.0/24]`, at the extension or in "
                "`extension_defaults`",
            )


_TOGETHER = Together(message="the extensions {who} of `{pbx}` may come from any network in the world")

RULE = Rule(code="AUTH-30", severity=None, profiles=WARNED_WHERE_STRICT, check=_check, together=_TOGETHER)
