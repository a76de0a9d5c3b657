"""Secrets that open more than one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.model.words import listed
from confgen.policy.held import held_secrets
from confgen.policy.rule import Rule
from confgen.policy.weights import REFUSED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.model.secret import Secret
    from confgen.policy.company import Company
    from confgen.policy.held import Held

_MOST = 3  # others that are named


def _check(company: Company) -> Iterator[Finding]:
    # A dict compares by hashes under a key that is this process's own, and nothing of them leaves it.
    by_text: dict[Secret, list[Held]] = {}
    for held in held_secrets(company):
        by_text.setdefault(held.text, []).append(held)
    for group in by_text.values():
        if len(group) == 1:
            continue
        first = [held.holder for held in group[: _MOST + 1]]
        for held in group:
            others = [holder for holder in first if holder != held.holder][:_MOST]
            rest = len(group) - 1 - len(others)
            message = f"{held.said} is also that of {listed(others, _MOST)}{f' and {rest} more' if rest else ''}"
            mend = "give each its own, so that who learns one cannot use the others"
            yield held.finding("SEC-13", message, mend)


RULE = Rule(code="SEC-13", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, check=_check)
