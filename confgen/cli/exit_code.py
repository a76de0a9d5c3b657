"""Exit codes: what a command ends with."""

from __future__ import annotations

from collections.abc import Iterable

DONE = 0
FINDINGS = 1
COULD_NOT_TELL = 4
INTERRUPTED = 130

# What a human must hear of first. An interruption hides no undo, and is not hidden by what it kept from being done.
_GRAVEST_FIRST = (6, 5, INTERRUPTED, FINDINGS, COULD_NOT_TELL, 3, DONE)


def gravest(codes: Iterable[int]) -> int:
    """The one that a fleet ends with."""
    return min(codes, key=_GRAVEST_FIRST.index, default=DONE)
