"""Calls that cost, and nobody says from which country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.tolls import guarded_pbxs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in guarded_pbxs(company):
        if pbx.dialling.country is None:
            yield told(
                "DIAL-43",
                pbx,
                f"nothing says in which country `{pbx.name}` calls: its numbers at a premium are not known, and "
                "whatever begins with 00 or 011 is taken for a call abroad",
                'write the country\'s code, such as `dialling: {country: "49"}`',
                place=pbx.place_of("dialling"),
            )


RULE = Rule(code="DIAL-43", severity=Severity.WARNING, check=_check)
