"""Secrets that are short or simple enough to be tried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.guessable import LEAST_BITS, LEAST_LENGTH, is_told_by, is_weak, is_well_known
from confgen.policy.held import held_secrets
from confgen.policy.rule import Rule
from confgen.policy.weights import REFUSED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for held in held_secrets(company):
        text = held.text.reveal()
        if is_weak(text) and not is_well_known(text) and not is_told_by(text, held.names):
            message = f"{held.said} can be tried out: it has fewer than {LEAST_LENGTH} signs or {LEAST_BITS} bits"
            mend = "give it another one: `openssl rand -base64 18` makes one"
            yield held.finding("SEC-10", message, mend)


RULE = Rule(code="SEC-10", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, check=_check)
