"""A version that is said in part only."""

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
        if (pbx.product_version.minor, pbx.product_version.patch) == (0, 0):
            yield told(
                "VER-22",
                pbx,
                f"`{pbx.name}` is said to be {pbx.product_version.branch}, which counts as {pbx.product_version}: "
                "which faults it has is not known better than that",
                "write the whole version under `product_version`, and again after each update",
                place=pbx.place_of("product_version"),
            )


RULE = Rule(code="VER-22", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
