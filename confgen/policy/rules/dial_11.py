"""Emergency calls that a dialplan of the user's own leads, which was not looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import Emergency, NoEmergency
from confgen.model.finding import Severity
from confgen.model.inventory import Part
from confgen.policy.emergency import emergency_finding, reaches
from confgen.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.model.inventory import Pbx
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if not pbx.extensions or isinstance(pbx.emergency, NoEmergency):
            continue
        if Part.DIALPLAN not in pbx.manages:
            yield _not_checked(pbx, f"the dialplan of `{pbx.name}` is not managed")
        elif isinstance(pbx.emergency, Emergency):
            for number in pbx.emergency.numbers:
                if reaches(pbx, number, company.by_name) is None:
                    yield _not_checked(pbx, f"{number} leads to a PBX whose dialplan is not managed", number)


def _not_checked(pbx: Pbx, why: str, number: str | None = None) -> Finding:
    return emergency_finding(
        "DIAL-11",
        pbx,
        f"whether the phones of `{pbx.name}` reach an emergency number was not checked: {why}",
        "call it, as your emergency services ask you to, after each change of that dialplan",
        subject=number,
    )


RULE = Rule(code="DIAL-11", severity=Severity.NOTE, check=_check)
