"""Words by which secrets are known, and texts that may hide one."""

from __future__ import annotations

import re

_CONFIDENTIAL = re.compile(r"secret|passw|passphrase|token|^key$", re.IGNORECASE)
_IN_WORDS_OF_OTHERS = re.compile(
    r"kennwort|wachtwoord|clave|senha|passcode|credential|(?:pwd?|psk|(?:api|private).?key)(?![a-z])"
    # `sippass` and `vmpin`, but none of the words that end so
    r"|(?<![a-z])(?!(?:(?:by|com|encom|over|sur|tres|under)pass|(?:al|hair|king|linch|push|s|tails|terra|tops)pin)(?![a-z]))"
    r"[a-z]*(?:pass|pin)(?![a-z])",
    re.IGNORECASE,
)
# `secret:hunter2` and `secret = hunter2` are slips of the pen; an address of IPv6 and a time of day are none.
_UNDIVIDED = re.compile(r"[^:=\x00-\x1f\x7f]*|[0-9A-Fa-f:./]*").fullmatch


def is_confidential(key: object) -> bool:
    """Whether what stands under such a key must not be shown; rather one key too many."""
    return isinstance(key, str) and _CONFIDENTIAL.search(key) is not None


def sounds_confidential(text: str) -> bool:
    """Whether others than confgen speak of secrets in this way."""
    return is_confidential(text) or _IN_WORDS_OF_OTHERS.search(text) is not None


def is_undivided(text: str) -> bool:
    """Whether a text cannot be a key and its value that YAML did not divide."""
    return _UNDIVIDED(text) is not None
