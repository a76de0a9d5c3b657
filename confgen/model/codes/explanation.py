"""What a code means, for `confgen explain`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One code: what it says in a line, why it matters, how to mend it, and where that is written."""

    code: str
    title: str
    meaning: str
    mend: str
    source: str = ""
    standards: tuple[str, ...] = ()  # that ask for it: "RFC 9325 §3.1.1", "BSI NET.4.2.A12"
    example: str = ""  # lines to paste, shown as they stand
