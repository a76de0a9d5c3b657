"""A list of networks that lets in everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.networks import wide_network
from confgen.policy.rule import Rule, Together
from confgen.policy.telling import told_of_extensions
from confgen.policy.weights import REFUSED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        wide = {permit for permit in {extension.permit for extension in pbx.extensions} if wide_network(permit)}
        if wide:
            yield from told_of_extensions(
                "AUTH-31",
                pbx,
                [extension for extension in pbx.extensions if extension.permit in wide],
                f"`permit` of {{who}} of `{pbx.name}` lets in the whole world",
                "write the networks that its phones are in; a list of everybody looks like a guard and is none",
            )


_TOGETHER = Together(message="`permit` of the extensions {who} of `{pbx}` lets in the whole world")

RULE = Rule(code="AUTH-31", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, check=_check, together=_TOGETHER)
