"""What the rules of some codes find in PBXs that a test has made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from confgen.model.finding import Finding
from confgen.model.inventory import Inventory, Pbx
from confgen.policy.company import Company
from confgen.policy.judge import judge


def judged(codes: Iterable[str], pbxs: Iterable[Pbx], *, today: date) -> tuple[Finding, ...]:
    """The findings of these codes alone, in the baseline."""
    company = Company(inventory=Inventory(pbxs=tuple(pbxs), folder="."), today=today)
    return tuple(finding for finding in judge(company, ()) if finding.code in frozenset(codes))
