"""Calls that go on in clear behind a provider, as the inventory says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.model.policy import Profile
from confgen.paths import Kind, Strength
from confgen.policy.rule import Rule
from confgen.policy.weak_legs import weak_leg_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.paths import Leg
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    what = "calls of `{pbx}` go on in clear behind {near}"
    return weak_leg_findings(company, "PATH-05", _is_meant, what)


def _is_meant(leg: Leg) -> bool:
    return leg.kind is Kind.BEYOND and leg.weakest is Strength.CLEAR


# Whoever calls the public network is heard there: said, so that it is known, and weighed where that is not good enough.
RULE = Rule(
    code="PATH-05",
    severity=Severity.NOTE,
    profiles={Profile.STRICT: Severity.ERROR, Profile.BSI: Severity.WARNING},
    check=_check,
)
