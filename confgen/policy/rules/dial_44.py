"""A trunk to a provider without a limit of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.inventory import Part
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        for trunk in pbx.provider_trunks if Part.DIALPLAN in pbx.manages else ():
            if trunk.most_calls is None:
                yield told(
                    "DIAL-44",
                    pbx,
                    f"the trunk {trunk.name} of `{pbx.name}` carries any number of calls at once",
                    "write `max_calls` at the trunk, as many as you pay for: emergency calls do not count",
                    place=trunk.place,
                    subject=trunk.name,
                )


RULE = Rule(code="DIAL-44", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
