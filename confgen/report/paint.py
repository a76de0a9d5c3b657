"""Colours as a terminal understands them; whoever writes to something else strips them."""

from __future__ import annotations

import re

_SEQUENCE = re.compile("\x1b\\[[0-9;]*m")


def good(text: str) -> str:
    return f"\x1b[32m{text}\x1b[0m"


def bad(text: str) -> str:
    return f"\x1b[1;31m{text}\x1b[0m"


def doubtful(text: str) -> str:
    return f"\x1b[33m{text}\x1b[0m"


def strong(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m"


def faint(text: str) -> str:
    return f"\x1b[2m{text}\x1b[0m"


def plain(text: str) -> str:
    """Without the paint."""
    return _SEQUENCE.sub("", text)


def width(text: str) -> int:
    """How many columns a painted text takes."""
    return len(plain(text))
