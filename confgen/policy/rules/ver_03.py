"""A version that gets no more corrections."""

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
    for pbx in company.pbxs:
        ends = company.support_ends(pbx)
        if ends is not None and ends < company.today:
            yield told(
                "VER-03",
                pbx,
                f"version {pbx.product_version.branch} of `{pbx.name}` has had no security fixes since {ends}",
                f"plan its way to version {company.longest_supported(pbx)}",
            )


RULE = Rule(code="VER-03", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, check=_check)
