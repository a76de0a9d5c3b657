"""Sensitive fields of Asterisk's files, masked by what they are: the host's unknown old value too. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.model.secret import MASK

if TYPE_CHECKING:
    from collections.abc import Callable

# Options that hold a secret in any of Asterisk's files, managed or foreign.
_WORDS = (
    "adminpw",
    "auth",
    "auth_password",
    "dbpass",
    "dbpassword",
    "dbsecret",
    "md5_cred",
    "md5secret",
    "oauth_clientid",
    "oauth_secret",
    "outbound_auth_secret",
    "password",
    "password_digest",
    "private_key_password",
    "refresh_token",
    "register",
    "remotesecret",
    "secret",
    "sipsecret",
    "turnpassword",
    "vmsecret",
)
# With what pjsip_wizard.conf writes before it (`outbound_auth/password`), and in a line that is commented out too.
_SENSITIVE = re.compile(
    rf"^(?P<head>[^\S\n]*(?:;+[^\S\n]*)?(?:\w+/)*(?:{'|'.join(_WORDS)})[^\S\n]*=>?[^\S\n]*)"
    r"(?P<value>\S.*?)(?P<tail>[^\S\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
# `user:password@host` of a dialled channel or URI, and `mailbox => password,…`.
_CREDENTIALS = re.compile(r"(?P<head>[/:&(,][\w.+%~\-]+:)(?P<value>[^\s@/&,()]+)(?P<tail>@)")
_MAILBOX = re.compile(r"^(?P<head>[^\S\n]*\d+[^\S\n]*=>?[^\S\n]*)(?P<value>[^\s,]+)(?P<tail>,|$)", re.MULTILINE)
_IS_NAME = re.compile(r"[a-z0-9_.\-]+", re.IGNORECASE)


def mask(key: str, text: str, fingerprint: Callable[[str], str]) -> str:
    """The text with each sensitive value as a mask and a fingerprint, which shows only that it changed."""
    if key.startswith("keys/"):
        return f"({'certificate' if key.endswith('.crt') else 'private key'}, {fingerprint(text)})\n"

    def masked(match: re.Match[str]) -> str:
        word = match["head"].split("=")[0].strip("; \t").lower()
        if word == "auth" and _IS_NAME.fullmatch(match["value"]):
            return match[0]  # pjsip.conf's auth names an object; iax.conf's and sip.conf's carries a password
        return f"{match['head']}{MASK} ({fingerprint(match['value'])}){match['tail']}"

    for sensitive in (_SENSITIVE, _CREDENTIALS, _MAILBOX):
        text = sensitive.sub(masked, text)
    return text
