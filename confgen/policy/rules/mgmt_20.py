"""Parts of a PBX that confgen does not manage."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        left = [part.value for part in Part if part not in pbx.manages]
        if left and company.has_files(pbx):
            yield told(
                "MGMT-20",
                pbx,
                f"of `{pbx.name}`, {', '.join(left)} stay your own: what they say is looked at on the host, and not "
                "here",
                "add them to `manage`, or run `confgen verify`, which reads back what it can",
                place=pbx.place_of("manage"),
                subject=left[0],
            )


RULE = Rule(code="MGMT-20", severity=Severity.NOTE, check=_check)
