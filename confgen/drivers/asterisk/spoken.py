"""What Asterisk says of its files, without the secrets that it quotes from them. Pure."""

from __future__ import annotations

import re

from confgen.drivers.asterisk.sensitive import holds_a_secret

_STATED = re.compile(r"(?<![\w-])(?P<name>[\w-]+)=")
_PLACE = re.compile(r".*(?P<place> at line \d.*)", re.DOTALL)  # the last one: the secret may hold such words


def masked(text: str) -> str:
    """`Error parsing md5_cred=*** at line 7 of pjsip.conf`: from the name of a secret to its place, or to the end."""
    for found in _STATED.finditer(text):
        if holds_a_secret(found["name"]):
            place = _PLACE.match(text, found.end())
            return f"{text[: found.end()]}***{'' if place is None else place['place']}"
    return text
