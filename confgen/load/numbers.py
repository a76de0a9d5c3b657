"""Ranges of extensions."""

from __future__ import annotations

LARGEST_RANGE = 100_000  # numbers in one range


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
