"""The HTTP server can be reached over the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.networks import is_loopback
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if pbx.http is not None and not is_loopback(pbx.http.bind):
            yield told(
                "MGMT-24",
                pbx,
                f"the HTTP server of `{pbx.name}` listens on {pbx.http.bind}, where others reach it",
                "write `bind: 127.0.0.1` and put a proxy before it that asks who comes, or remove `http`",
                place=pbx.place_of("http", "bind"),
            )


RULE = Rule(code="MGMT-24", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
