"""Secrets that guessers begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.guessable import is_well_known
from confgen.policy.held import held_secrets
from confgen.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for held in held_secrets(company):
        if is_well_known(held.text.reveal()):
            message = f"{held.said} is one of those that everybody tries first"
            mend = "give it another one at once, and look who has used it: `openssl rand -base64 18` makes one"
            yield held.finding("SEC-11", message, mend)


RULE = Rule(code="SEC-11", severity=Severity.ERROR, check=_check)
