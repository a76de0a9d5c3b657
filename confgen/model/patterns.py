"""Patterns of dialled numbers: digits, X, Z, N and [sets], perhaps a mark before them and `.` behind."""

from __future__ import annotations

import re
from functools import lru_cache

_WILDCARDS = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", "+": r"\+", "*": r"\*", ".": "[0-9]+"}
_SIGN = re.compile(r"\[[^]]*\]|.")


def is_matched(number: str, pattern: str) -> bool:
    """Whether a pattern takes this number."""
    return _expression(pattern).fullmatch(number) is not None


def signs_of(pattern: str) -> tuple[str, ...]:
    """A pattern in its signs; a set counts as one."""
    return tuple(_SIGN.findall(pattern))


def longest(pattern: str) -> int | None:
    """How many signs the numbers of a pattern have; None where there is no end to it."""
    return None if pattern.endswith(".") else len(signs_of(pattern))


def backward_set(pattern: str) -> str | None:
    """The first set of a pattern that runs backwards, such as `[5-3]`."""
    for first, last in re.findall(r"([0-9])-([0-9])", pattern):
        if first > last:
            return f"{first}-{last}"
    return None


@lru_cache(maxsize=1024)
def _expression(pattern: str) -> re.Pattern[str]:
    if backward_set(pattern) is not None:
        return re.compile(r"(?!)")  # takes nothing
    return re.compile(re.sub("[XZN+*.]", lambda wildcard: _WILDCARDS[wildcard[0]], pattern))
