"""What jobs of continuous integration take for commands in their logs, read more widely than any of them does."""

from __future__ import annotations

import re
import unicodedata

_ANYWHERE = re.compile(r"##(?:[a-z]*)\[", re.IGNORECASE)


def commands(log: str) -> list[str]:
    """The lines that hold one; signs that .NET passes over when it compares are passed over."""
    lines = re.split(r"[\r\n]", log)
    return [line for line in lines if _inked(line).lstrip().startswith("::") or _ANYWHERE.search(_inked(line))]


def _inked(line: str) -> str:
    return "".join(sign for sign in line if unicodedata.category(sign) not in {"Cf", "Cc", "Mn", "Cn"})
