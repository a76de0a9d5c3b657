"""A dialplan of the user's own, in which no guard stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.model.inventory import Part
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if Part.DIALPLAN not in pbx.manages and company.has_files(pbx) and (pbx.provider_trunks or pbx.dialling.place):
            yield told(
                "DIAL-51",
                pbx,
                f"the dialplan of `{pbx.name}` is your own: whether it refuses calls abroad and at a premium was not "
                "checked",
                "add `dialplan` to `manage`, or try it: call a number abroad that nobody should reach",
                place=pbx.place_of("manage"),
            )


RULE = Rule(code="DIAL-51", severity=Severity.NOTE, profiles=WARNED_WHERE_STRICT, check=_check)
