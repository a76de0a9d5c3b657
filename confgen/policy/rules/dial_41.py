"""Numbers at a premium may be called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.tolls import guarded_pbxs
from confgen.policy.weights import REFUSED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in guarded_pbxs(company):
        if pbx.dialling.allows_premium:
            yield told(
                "DIAL-41",
                pbx,
                f"every phone of `{pbx.name}` may call numbers at a premium",
                "remove `premium`: who needs such a number gets it by a context of your own, that one and no other",
                place=pbx.place_of("dialling", "premium"),
            )


RULE = Rule(code="DIAL-41", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, check=_check)
