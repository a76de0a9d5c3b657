"""An extension that may come past the tunnel from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.rule import Rule
from confgen.policy.telling import product_place, told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        extensions = {} if pbx.product is None else pbx.product.values.get("extensions", {})
        for number, settings in extensions.items():
            if settings.get("lan_only") is False:
                yield told(
                    "AUTH-38",
                    pbx,
                    f"extension {number} of `{pbx.name}` may come from any network in the world, past the tunnel",
                    "remove `lan_only`, and let it come by 3CX's own app or an SBC, whose tunnel is encrypted",
                    place=product_place(pbx, "extensions", number, "lan_only"),
                    subject=number,
                )


RULE = Rule(code="AUTH-38", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
