"""Files of the user's own, which only the host has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.rule import Rule
from confgen.policy.telling import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        for include in pbx.includes:
            yield told(
                "MGMT-33",
                pbx,
                f"{include.file}, which {include.key} of `{pbx.name}` includes, lies on the host and was not checked "
                "here",
                "nothing: `confgen plan` and `confgen verify` read it there and judge it like our own",
                place=include.place,
                subject=include.file,
            )


RULE = Rule(code="MGMT-33", severity=Severity.NOTE, check=_check)
