"""A console that nobody is kept from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if not company.has_files(pbx) and (pbx.product is None or "console" not in pbx.product.values):
            yield told(
                "MGMT-35",
                pbx,
                f"nothing says who may reach the console and the API of `{pbx.name}`: perhaps the whole world",
                "write `console: {permit: [192.0.2.0/24]}` with your networks, and 127.0.0.1 where the API is asked "
                "through SSH",
            )


RULE = Rule(code="MGMT-35", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
