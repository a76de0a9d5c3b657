"""A number that somebody wrote, and that the guard refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.model.toll import judge_of_numbers
from confgen.policy.outside import numbers_outside
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.tolls import guarded_pbxs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in guarded_pbxs(company):
        may_leave = judge_of_numbers(pbx)
        for written in numbers_outside(pbx):
            if may_leave(written.number) is False:
                yield told(
                    "DIAL-49",
                    pbx,
                    f"{written.who} of `{pbx.name}` leads to {written.number}, which is refused: it is abroad in "
                    "a country that is not listed, or at a premium",
                    "correct the number, or add the country to `countries` of `dialling`; where its digits begin as a "
                    "country's code does and mean none, write `number_form: national` at the provider or the line",
                    place=written.place,
                    subject=written.subject,
                )


RULE = Rule(code="DIAL-49", severity=Severity.ERROR, check=_check)
