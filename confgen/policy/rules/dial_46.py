"""A forward to a number outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.inventory import Part
from confgen.policy.outside import forwarded_outside
from confgen.policy.rule import Rule, Together
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.model.inventory import Pbx
    from confgen.policy.company import Company

_MEND = "lead it to a phone, a ring group or a mailbox; where it has to be, waive it, with who answers for the cost"


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if Part.DIALPLAN in pbx.manages:
            yield from _forwards(pbx)


def _forwards(pbx: Pbx) -> Iterator[Finding]:
    for forward in forwarded_outside(pbx):
        wrong = f"{forward.who} of `{pbx.name}` leads outside, to {forward.number}"
        yield told("DIAL-46", pbx, wrong, _MEND, place=forward.place, subject=forward.subject)


_TOGETHER = Together(message="calls of {who} of `{pbx}` are forwarded to numbers outside")

RULE = Rule(code="DIAL-46", severity=None, profiles=WARNED_WHERE_STRICT, check=_check, together=_TOGETHER)
