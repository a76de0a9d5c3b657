"""Something that is not proven after a push."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.check import Level
from confgen.model.finding import Severity
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company

_ALL = (Level.STATE, Level.TLS, Level.CLEAR, Level.DOWNGRADE, Level.CALL)


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        left = [level.value for level in _ALL if level not in pbx.verification.levels]
        if left and company.has_files(pbx):
            yield told(
                "TLS-32",
                pbx,
                f"a push to `{pbx.name}` is kept without the proof of {', '.join(left)}",
                "remove `levels` from `verify`, so that all of them must be proven; `downgrade` and `call` need a "
                "probe",
                place=pbx.place_of("verify", "levels"),
                subject=left[0],
            )


RULE = Rule(code="TLS-32", severity=Severity.NOTE, profiles=WARNED_WHERE_STRICT, check=_check)
