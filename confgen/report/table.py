"""A table of columns as wide as what stands in them."""

from __future__ import annotations

from collections.abc import Sequence

from confgen.report import paint

_GAP = "  "


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The header and the rows, painted cells included, without blanks at the ends of lines."""
    painted = [[paint.strong(title) for title in header], *rows]
    widths = [max(paint.width(row[column]) for row in painted) for column in range(len(header))]
    return "\n".join(
        _GAP.join(cell + " " * (width - paint.width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in painted
    )
