"""Calls that leave by a line of the PBX's own in clear."""

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
    return weak_leg_findings(company, "PATH-01", _is_meant, "calls leave `{pbx}` in clear by {far}")


def _is_meant(leg: Leg) -> bool:
    return leg.kind is Kind.LINE and leg.weakest is Strength.CLEAR


RULE = Rule(code="PATH-01", severity=Severity.ERROR, check=_check)
