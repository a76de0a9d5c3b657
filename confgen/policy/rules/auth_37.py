"""One account of a provider on several trunks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import REFUSED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    first: dict[tuple[str, str], str] = {}
    for pbx in company.pbxs:
        for trunk in pbx.provider_trunks:
            if trunk.account is None:
                continue
            other = first.setdefault((trunk.provider.domain, trunk.account.user), f"{trunk.name} of `{pbx.name}`")
            if other != f"{trunk.name} of `{pbx.name}`":
                yield told(
                    "AUTH-37",
                    pbx,
                    f"the trunk {trunk.name} of `{pbx.name}` has the account {trunk.account.user} of {other}: one PBX "
                    "takes the other's calls, and nobody can tell whose password leaked",
                    "ask the provider for an account for each PBX",
                    place=trunk.place,
                    subject=trunk.name,
                )


RULE = Rule(code="AUTH-37", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, check=_check)
