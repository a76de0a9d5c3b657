"""Something that is not proven after a push."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.check import Level
from confgen.model.finding import Severity
from confgen.policy.rule import Rule, Together
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company

_ALL = (Level.STATE, Level.TLS, Level.CLEAR, Level.DOWNGRADE, Level.CALL)


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if not company.has_files(pbx):
            continue
        for level in (level.value for level in _ALL if level not in pbx.verification.levels):
            yield told(
                "TLS-32",
                pbx,
                f"a push to `{pbx.name}` is kept without the proof of {level}",
                "remove `levels` from `verify`, so that all of them must be proven; `downgrade` and `call` need a "
                "probe",
                place=pbx.place_of("verify", "levels"),
                subject=level,
            )


_TOGETHER = Together(message="a push to `{pbx}` is kept without the proof of {who}", apart=1, named=len(_ALL))

RULE = Rule(code="TLS-32", severity=Severity.NOTE, profiles=WARNED_WHERE_STRICT, check=_check, together=_TOGETHER)
