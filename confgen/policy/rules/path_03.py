"""Calls that lead where confgen does not see: a stated limit of what the inventory alone can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Finding, Severity
from confgen.paths import Kind
from confgen.policy.rule import Rule
from confgen.policy.weak_legs import weak_leg_findings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confgen.model.inventory import Include, Pbx
    from confgen.paths import Leg
    from confgen.policy.company import Company

# By the managed document that includes the file, what a call of it could do.
_WHAT_IT_COULD: Mapping[str, str] = {
    "extensions.conf": "calls that enter its contexts lead wherever it says",
    "pjsip.conf": "an endpoint or a transport in it could speak in clear",
}


def _check(company: Company) -> Iterator[Finding]:
    yield from weak_leg_findings(
        company, "PATH-03", Severity.NOTE, _is_meant, "calls of `{pbx}` are not followed to {far}"
    )
    for pbx in company.pbxs:
        for include in pbx.includes:
            yield _of_include(pbx, include)


def _is_meant(leg: Leg) -> bool:
    return leg.kind is Kind.UNSEEN


def _of_include(pbx: Pbx, include: Include) -> Finding:
    return Finding(
        code="PATH-03",
        message=f"the paths of `{pbx.name}` end where `{include.file}` begins, which {include.key} includes and which "
        f"lies on its host: phones of {pbx.name} → {pbx.name} → whatever {include.file} leads to: "
        f"{_WHAT_IT_COULD[include.key]}",
        mend="nothing from here: `confgen plan` reads the file on the host and judges it like its own",
        severity=Severity.NOTE,
        place=include.place,
        pbx=pbx.name,
        subject=include.file,
    )


RULE = Rule(code="PATH-03", severity=Severity.NOTE, check=_check)
