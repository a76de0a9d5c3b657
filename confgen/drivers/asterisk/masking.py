"""Sensitive fields of Asterisk's files, masked by what they are: the host's unknown old value too. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.model.secret import MASK

if TYPE_CHECKING:
    from collections.abc import Callable

# Options that hold a secret in any of Asterisk's files, managed or foreign.
_SENSITIVE = re.compile(
    r"""^(?P<head>\s*(?:password|password_digest|secret|md5secret|remotesecret|md5_cred|oauth_secret|oauth_clientid|"""
    r"""refresh_token|auth_password|dbpass|dbpassword|dbsecret|vmsecret|outbound_auth_secret|turnpassword|private_key_password|"""
    r"""register|auth|adminpw|sipsecret)\s*=>?\s*)(?P<value>\S.*?)(?P<tail>\s*)$""",
    re.IGNORECASE | re.MULTILINE,
)
_IS_NAME = re.compile(r"[a-z0-9_.\-]+", re.IGNORECASE)


def mask(key: str, text: str, fingerprint: Callable[[str], str]) -> str:
    """The text with each sensitive value as a mask and a fingerprint, which shows only that it changed."""
    if key.startswith("keys/"):
        return f"({'certificate' if key.endswith('.crt') else 'private key'}, {fingerprint(text)})\n"

    def masked(match: re.Match[str]) -> str:
        word = match["head"].split("=")[0].strip().lower()
        if word == "auth" and _IS_NAME.fullmatch(match["value"]):
            return match[0]  # pjsip.conf's auth names an object; iax.conf's and sip.conf's carries a password
        return f"{match['head']}{MASK} ({fingerprint(match['value'])}){match['tail']}"

    return _SENSITIVE.sub(masked, text)
