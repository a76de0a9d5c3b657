"""A version that gets no more corrections within half a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company

_SOON = 183  # days


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        ends = company.support_ends(pbx)
        if ends is not None and 0 <= (ends - company.today).days <= _SOON:
            yield told(
                "VER-23",
                pbx,
                f"version {pbx.product_version.branch} of `{pbx.name}` gets security fixes until {ends} only",
                f"plan its way to version {company.longest_supported(pbx)} before that day",
                place=pbx.place_of("product_version"),
            )


RULE = Rule(code="VER-23", severity=Severity.NOTE, profiles=WARNED_WHERE_STRICT, check=_check)
