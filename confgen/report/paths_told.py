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
    refusals: tuple[str, ...] = ()  # why nobody may dial the number
    limit: tuple[str, ...] = ()  # which PBXs a path must touch, as it was written; nothing is any

    @property
    def tally(self) -> str:
        """`41 paths: 12 clear, 29 encrypted`, weakest first; where there is none, that no way leads there, and why."""
        if not self.paths and self.is_complete:
            return "; ".join((self._no_way, *self.refusals))
        numbers = Counter(path.weakest for path in self.paths)
        each = ", ".join(f"{numbers[strength]} {strength.value}" for strength in Strength if numbers[strength])
        more = "" if self.is_complete else ", and more that were not followed: name --from, --to or --limit"
        return f"{count(len(self.paths), 'path')}{f': {each}' if each else ''}{more}"

    @property
    def _no_way(self) -> str:
        start = "" if self.start is None else f" from {self.start}"
        end = "" if self.end is None else f" to {self.end}"
        limit = f" by {', '.join(self.limit)}" if self.limit else ""
        return f"no way leads{start}{end}{limit}" if start or end or limit else "no call can be made"
