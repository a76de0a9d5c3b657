"""Calls whose end nobody knows: behind a provider, or by a line of which nobody says what it carries."""

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
    what = "nobody knows whether calls of `{pbx}` are encrypted up to {far}"
    return weak_leg_findings(company, "PATH-02", _is_meant, what)


def _is_meant(leg: Leg) -> bool:
    return leg.kind in {Kind.BEYOND, Kind.LINE} and leg.weakest is Strength.UNKNOWN


RULE = Rule(code="PATH-02", severity=Severity.WARNING, profiles={Profile.STRICT: Severity.ERROR}, check=_check)
