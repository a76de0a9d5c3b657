"""Tables of figures, as Markdown. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TENS = 10.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a target is held against."""

    value: float
    is_at_least: bool = False  # what was measured was given up, and would have been more


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells; the first column is words, the others are figures."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: Mapping[str, Figure] = field(default_factory=dict)  # by the names of `benchmarks.targets`

    def __str__(self) -> str:
        rule = ("---", *("---:" for _ in self.head[1:]))
        return "\n".join((f"### {self.title}", "", *map(_row, (self.head, rule, *self.rows)), ""))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def seconds(value: float | None) -> str:
    """To three digits at most; a dash for what was not measured."""
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= _TENS * _TENS else f"{value:.1f}" if value >= _TENS else f"{value:.2f}"


def figure(told: Figure) -> str:
    """Likewise, whole numbers whole; `over 12.3` for a lower bound."""
    value = f"{told.value:.0f}" if told.value == int(told.value) else seconds(told.value)
    return f"over {value}" if told.is_at_least else value


def whole(value: float | None) -> str:
    """Without a fraction; a dash for what was not measured."""
    return "–" if value is None else f"{value:.0f}"


def times(value: float | None, of: float | None) -> str:
    """How many times as long as something else: `1.4 ×`."""
    if value is None or not of:
        return "–"
    ratio = value / of
    return f"{ratio:.0f} ×" if ratio >= _TENS else f"{ratio:.1f} ×" if ratio >= 2 else f"{ratio:.2f} ×"  # noqa: PLR2004


def written_between(text: str, name: str, new: str) -> str:
    """A text with what stands between the comments of a name replaced; ValueError where they are not there."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
    before, found, rest = text.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise ValueError(f"there is no {begin.strip()} with its end")
    return f"{before}{begin}{new}{end}{after}"
