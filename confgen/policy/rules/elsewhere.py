"""Rules whose findings come from loading, a driver, the secrets or the judgement itself."""

from __future__ import annotations

from confgen.model.finding import Severity
from confgen.model.policy import Profile
from confgen.policy.rule import Rule
from confgen.policy.weights import REFUSED_WHERE_STRICT

RULES = (
    Rule(code="AUTH-10", severity=Severity.NOTE, profiles={Profile.STRICT: Severity.WARNING}),
    Rule(code="CERT-07", severity=Severity.WARNING),
    Rule(code="CERT-23", severity=Severity.NOTE),
    Rule(code="POL-02", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, is_waivable=False),
    Rule(code="POL-09", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, is_waivable=False),
    Rule(code="REF-40", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT),
    Rule(code="SEC-04", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT),
    Rule(code="SEC-09", severity=Severity.NOTE),
    Rule(code="TCX-09", severity=Severity.NOTE),
    Rule(code="VER-04", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT),
    Rule(code="VER-20", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT),
    Rule(code="VER-10", severity=Severity.WARNING),
    Rule(code="VER-12", severity=Severity.WARNING),
)
