"""Only the host itself looks at its ports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.check import Vantage
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import NOTED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if pbx.verification.vantage is Vantage.HOST and company.has_files(pbx):
            yield told(
                "TLS-33",
                pbx,
                f"`{pbx.name}` is proven from its own host: what phones and strangers reach from outside stays unseen",
                "write `from: operator` where a machine with confgen can reach it, or look from outside yourself",
                place=pbx.place_of("verify", "from"),
            )


RULE = Rule(code="TLS-33", severity=None, profiles=NOTED_WHERE_STRICT, check=_check)
