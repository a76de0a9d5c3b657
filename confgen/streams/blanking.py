"""Blanks what is secret in SIP and SDP, wherever it is shown: in messages, in errors, and in what is said of both."""

from __future__ import annotations

import re

# What lets somebody guess a password, or is a key, wherever it stands: a far end may send our own words back to us.
_BLANKED = (
    (re.compile(r"(\b(?:response|rspauth)\s*=\s*)(?:\"(?:[^\"\\]|\\.)*\"?|[^\s,;\"]+)", re.IGNORECASE), r"\1<blanked>"),
    (
        re.compile(r"^((?:Proxy-)?Authorization\s*:[ \t]*)(?!Digest\b)\S.*", re.IGNORECASE | re.MULTILINE),
        r"\1<blanked>",
    ),
    (re.compile(r"(\binline\s*:\s*)[^\s|;]+", re.IGNORECASE), r"\1<blanked>"),  # RFC 4568 §6.1
    (re.compile(r"^(a=key-mgmt:).*", re.IGNORECASE | re.MULTILINE), r"\1<blanked>"),  # RFC 4567
    (re.compile(r"^(k=).*", re.MULTILINE), r"\1<blanked>"),  # RFC 4566 §5.12
)


def blanked(text: str) -> str:
    """The text without what is secret in SIP and SDP: answers to challenges, and keys."""
    for pattern, replacement in _BLANKED:
        text = pattern.sub(replacement, text)
    return text
