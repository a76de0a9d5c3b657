"""Patterns of names, in which `*` stands for any signs, `?` for one, and every other sign for itself. Pure."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

_OWN_BRACKET = re.compile(r"\[(?![*?]\])")  # `[*]` and `[?]` are the signs themselves, as the shell has it
_SIGN = re.compile(r"(?<!\[)[*?]|[*?](?!\])")
_RANGE = re.compile(r"([0-9]+)-([0-9]+)")
_LARGEST = 100_000  # numbers in a range of an inventory


def fits(pattern: str, name: str) -> bool:
    """Whether a pattern is one of this name; of a range such as `110-119`, whether it is one of every number."""
    if pattern.strip("*") == "" != pattern:
        return True
    pattern = _OWN_BRACKET.sub("[[]", pattern)
    ends = _RANGE.fullmatch(name)
    numbers = range(int(ends[1]), int(ends[2]) + 1) if ends else range(0)
    if ends is None or not numbers:
        return fnmatchcase(name, pattern)
    return len(numbers) <= _LARGEST and all(fnmatchcase(str(one).zfill(len(ends[1])), pattern) for one in numbers)


def is_pattern(text: str) -> bool:
    """Whether it can fit other names than itself."""
    return _SIGN.search(text) is not None


def pattern_of(name: str) -> str:
    """The pattern of this name and of no other: `[*]X.` of `*X.`."""
    return re.sub(r"[*?]", r"[\g<0>]", name)
