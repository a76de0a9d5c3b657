"""The emergency services see no number to call back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import ByTrunk, Emergency
from confgen.model.finding import Severity
from confgen.model.inventory import Part
from confgen.policy.rule import Rule
from confgen.policy.telling import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        calls = pbx.emergency
        if Part.DIALPLAN not in pbx.manages or not isinstance(calls, Emergency) or calls.caller_id is not None:
            continue
        nameless = {trunk.name for trunk in pbx.provider_trunks if trunk.caller_id is None and trunk.account is None}
        silent = [way.way.trunk for way in calls.ways if isinstance(way.way, ByTrunk) and way.way.trunk in nameless]
        if silent and any(extension.outside_number is None for extension in pbx.extensions):
            yield told(
                "DIAL-55",
                pbx,
                f"phones of `{pbx.name}` without an `outside_number` show none in an emergency call by {silent[0]}: "
                "nobody can call them back",
                "write `caller_id` into `emergency`, the number at which somebody answers at all times",
                place=calls.place,
            )


RULE = Rule(code="DIAL-55", severity=Severity.WARNING, check=_check)
