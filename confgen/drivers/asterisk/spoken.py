"""What Asterisk says of its files, without the secrets that it quotes from them. Pure."""

from __future__ import annotations

import re

from confgen.drivers.asterisk import sensitive

_PLACE = re.compile(r".*(?P<place> at line \d+ of)", re.DOTALL)  # the last one: the secret may hold such words


def masked(line: str) -> str:
    """`Error parsing md5_cred=*** at line 7 of pjsip.conf`: from the name of a secret to its place, or to the end."""
    pieces: list[str] = []
    at = 0
    for start, stop in sorted(sensitive.in_prose(line)):
        if start < at:  # a credential within what is masked already
            continue
        place = _PLACE.match(line, start, stop)
        pieces += (line[at:start], "***")
        at = stop if place is None else place.start("place")
    return "".join((*pieces, line[at:]))
