"""A forward to a number outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.inventory import Part
from confgen.model.words import count, listed
from confgen.policy.outside import numbers_outside
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company

_MOST_APART = 50  # that are told one by one; of more, one finding tells
_MEND = "lead it to a phone, a ring group or a mailbox; where it has to be, waive it, with who answers for the cost"


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if Part.DIALPLAN not in pbx.manages:
            continue
        found = [place for place in numbers_outside(pbx) if not place[1].startswith("the DID")]
        if len(found) <= _MOST_APART:
            for number, who, subject, place in found:
                yield told(
                    "DIAL-46",
                    pbx,
                    f"{who} of `{pbx.name}` leads outside, to {number}",
                    _MEND,
                    place=place,
                    subject=subject,
                )
            continue
        subjects = [subject for _, _, subject, _ in found]
        yield told(
            "DIAL-46",
            pbx,
            f"{count(len(found), 'forward')} of `{pbx.name}` lead outside ({listed(subjects, 3)})",
            _MEND,
            place=found[0][3],
            subject=listed(subjects, 3),
        )


RULE = Rule(code="DIAL-46", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
