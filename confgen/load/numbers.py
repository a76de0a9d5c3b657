"""Dialled numbers: ranges of extensions, and the patterns that take numbers."""

from __future__ import annotations

import re
from functools import lru_cache

LARGEST_RANGE = 100_000  # numbers in one range

_WILDCARDS = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", "+": r"\+", "*": r"\*", ".": "[0-9]+"}
_SET = re.compile(r"\[[^]]*\]")


class BadRange(ValueError):
    """Two numbers that make no range; the message says why, `mend` what to write."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.mend = mend


def numbers_of(key: str) -> tuple[str, ...]:
    """The numbers that `101` or `110-119` stands for, all with as many digits as were written."""
    first, hyphen, last = key.partition("-")
    if not hyphen:
        return (key,)
    if len(first) != len(last):
        raise BadRange(f'the two numbers of "{key}" differ in length', "write both with the same count of digits")
    if int(first) > int(last):
        raise BadRange(f'the range "{key}" runs backwards', f'write "{last}-{first}"')
    if int(last) - int(first) >= LARGEST_RANGE:
        raise BadRange(f'the range "{key}" has more than {LARGEST_RANGE:,} numbers', "write a smaller range")
    return tuple(str(number).zfill(len(first)) for number in range(int(first), int(last) + 1))


def is_matched(number: str, pattern: str) -> bool:
    """Whether a pattern takes this number."""
    return _expression(pattern).fullmatch(number) is not None


def longest(pattern: str) -> int | None:
    """How many signs the numbers of a pattern have; None where there is no end to it."""
    return None if pattern.endswith(".") else len(_SET.sub("X", pattern))


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
