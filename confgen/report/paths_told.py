"""What `confgen paths` has to say, before it is text, JSON, a drawing or a page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from confgen.model.words import count
from confgen.paths import Path, Strength


@dataclass(frozen=True, slots=True, kw_only=True)
class PathsTold:
    """Paths in the order in which they were found, between ends as they were written; None is anything."""

    inventory: str
    start: str | None
    end: str | None
    paths: tuple[Path, ...]
    is_complete: bool  # False: there are more, and they were not followed
    exit_code: int

    @property
    def tally(self) -> str:
        """`41 paths: 12 clear, 29 encrypted`, weakest first."""
        numbers = Counter(path.weakest for path in self.paths)
        each = ", ".join(f"{numbers[strength]} {strength.value}" for strength in Strength if numbers[strength])
        more = "" if self.is_complete else ", and more that were not followed: name --from, --to or --limit"
        return f"{count(len(self.paths), 'path')}{f': {each}' if each else ''}{more}"
