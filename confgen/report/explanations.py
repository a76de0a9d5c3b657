"""Explanations of codes as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from confgen.model.codes.explanation import Explanation
from confgen.report import paint
from confgen.report.table import table

_WIDTH = 88


def text(explanation: Explanation) -> str:
    """What the code means, how to mend it, and where that is written."""
    parts = [
        f"{paint.strong(explanation.code)}  {explanation.title}",
        _wrapped(explanation.meaning),
        _wrapped(f"How to mend it: {explanation.mend}"),
    ]
    if explanation.example:
        parts.append(explanation.example.rstrip("\n"))
    if explanation.source:
        parts.append(_wrapped(f"Source: {explanation.source}"))
    return "\n\n".join(parts)


def listing(explanations: Iterable[Explanation]) -> str:
    """A line for each code."""
    rows = [[explanation.code, explanation.title] for explanation in explanations]
    return table(["code", "what it says"], rows)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, width=_WIDTH, break_long_words=False, break_on_hyphens=False)
