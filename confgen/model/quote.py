"""Quotes: the line that a finding points at, as it may be shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A line of a file that the user wrote; what may be a secret in it is blanked."""

    text: str
    column: int  # of what the finding is about; from 1, in characters of the text
