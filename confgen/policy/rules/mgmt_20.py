"""Parts of a PBX that confgen does not manage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.model.inventory import Part
from confgen.policy.rule import Rule, Together
from confgen.policy.telling import told
from confgen.policy.weights import ASKED_FOR_BY_BSI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if not company.has_files(pbx):
            continue
        for part in (part.value for part in Part if part not in pbx.manages):
            yield told(
                "MGMT-20",
                pbx,
                f"the part {part} of `{pbx.name}` stays your own: what it says is read on the host, not here",
                "add to `manage` what confgen shall write, or run `confgen verify`, which reads back what it can",
                place=pbx.place_of("manage"),
                subject=part,
            )


# NET.4.2.A5 wants the whole configuration documented, so that it can be made anew.
RULE = Rule(
    code="MGMT-20",
    severity=Severity.NOTE,
    profiles=ASKED_FOR_BY_BSI,
    check=_check,
    together=Together(
        message="parts of `{pbx}` stay your own ({who}): what they say is read on the host, not here",
        apart=1,
        named=len(Part),
    ),
)
