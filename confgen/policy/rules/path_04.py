"""Calls with phones that are not moved yet, which somebody answers for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.paths import Kind, Strength
from confgen.policy.rule import Rule
from confgen.policy.weak_legs import weak_leg_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.paths import Leg
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    what = "whoever talks with {near} of `{pbx}` may be heard"
    return weak_leg_findings(company, "PATH-04", _is_meant, what)


def _is_meant(leg: Leg) -> bool:
    return leg.kind is Kind.PHONES and leg.weakest in {Strength.WAIVED, Strength.CLEAR}


RULE = Rule(code="PATH-04", severity=Severity.NOTE, check=_check)
