"""Secrets that are the number or the name of whoever has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.guessable import is_told_by
from confgen.policy.held import held_secrets
from confgen.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for held in held_secrets(company):
        if is_told_by(held.text.reveal(), held.names):
            message = f"{held.said} can be read off what everybody may know: a number, a name or a domain of its own"
            mend = "give it another one at once, and look who has used it: `openssl rand -base64 18` makes one"
            yield held.finding("SEC-12", message, mend)


RULE = Rule(code="SEC-12", severity=Severity.ERROR, check=_check)
