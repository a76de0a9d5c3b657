"""Secrets that are short or simple enough to be tried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Finding, Severity
from confgen.model.policy import Profile
from confgen.policy.guessable import LEAST_BITS, LEAST_LENGTH, is_told_by, is_weak, is_well_known
from confgen.policy.held import held_secrets
from confgen.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for held in held_secrets(company):
        text = held.text.reveal()
        if is_weak(text) and not is_well_known(text) and not is_told_by(text, held.names):
            yield Finding(
                code="SEC-10",
                message=f"{held.said} can be tried out: it has fewer than {LEAST_LENGTH} signs or {LEAST_BITS} bits",
                mend="give it another one: `openssl rand -base64 18` makes one",
                place=held.place,
                pbx=held.pbx,
                subject=held.subject,
            )


RULE = Rule(
    code="SEC-10",
    severity=Severity.WARNING,
    profiles={Profile.STRICT: Severity.ERROR, Profile.BSI: Severity.ERROR},
    check=_check,
)
