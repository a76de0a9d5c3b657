"""Voicemail, of whose way out nothing is known here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.policy.modules import own_modules
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company

_VOICEMAIL = frozenset({"app_voicemail", "app_voicemail_imap", "app_voicemail_odbc", "app_minivm"})


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        for module, place in own_modules(pbx):
            if module in _VOICEMAIL:
                yield told(
                    "MGMT-31",
                    pbx,
                    f"`{pbx.name}` loads {module}: whether its mailboxes let callers dial out was not checked",
                    "write neither `dialout`, `callback` nor `sendvoicemail` into voicemail.conf, and let PINs have "
                    "six digits",
                    place=place,
                    subject=module,
                )


RULE = Rule(code="MGMT-31", severity=Severity.NOTE, profiles=WARNED_WHERE_STRICT, check=_check)
