"""Rules whose findings come from loading, a driver, the secrets or the judgement itself."""

from __future__ import annotations

from confgen.model.finding import Severity
from confgen.model.policy import Profile
from confgen.policy.rule import Rule

_BY_ALL_MEANS = {Profile.STRICT: Severity.ERROR, Profile.BSI: Severity.ERROR}

RULES = (
    Rule(code="AUTH-10", severity=Severity.NOTE, profiles={Profile.STRICT: Severity.WARNING}),
    Rule(code="CERT-07", severity=Severity.WARNING),
    Rule(code="POL-02", severity=Severity.WARNING, profiles=_BY_ALL_MEANS, is_waivable=False),
    Rule(code="REF-40", severity=Severity.WARNING, profiles=_BY_ALL_MEANS),
    Rule(code="SEC-04", severity=Severity.WARNING, profiles=_BY_ALL_MEANS),
    Rule(code="TCX-09", severity=Severity.NOTE),
    Rule(code="VER-03", severity=Severity.WARNING, profiles=_BY_ALL_MEANS),
    Rule(code="VER-04", severity=Severity.WARNING, profiles=_BY_ALL_MEANS),
    Rule(code="VER-10", severity=Severity.WARNING),
    Rule(code="VER-12", severity=Severity.WARNING),
)
