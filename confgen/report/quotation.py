"""A quote as text: the line with its number, and below it a caret."""

from __future__ import annotations

import unicodedata

from confgen.model.quote import Quote
from confgen.report import paint
from confgen.report.visible import visible

_WIDEST = 100  # columns of a line; of a longer one what stands around the caret is shown
_BEFORE_CARET = 60  # of them, where it is cut
_CUT = "…"
_TAB = "    "


def lines(number: int, quote: Quote) -> tuple[str, str]:
    """`12 | trunk: hq-brnch`, and a caret; both are safe to show, and not too long."""
    signs = [_TAB if sign == "\t" else visible(sign) for sign in quote.text]
    at = min(quote.column - 1, len(signs))
    begin, end = _window([_columns(sign) for sign in signs], at)
    before = _CUT * (begin > 0) + "".join(signs[begin:at])
    after = "".join(signs[at:end]) + _CUT * (end < len(signs))
    margin = f"{number:>5} | "
    indent = " " * (len(margin) + _columns(before))
    return paint.faint(margin) + (before + after).rstrip(), f"{indent}{paint.strong('^')}"


def _window(widths: list[int], at: int) -> tuple[int, int]:
    """The signs that are shown: all, or as many as there is room for around the caret."""
    if sum(widths) <= _WIDEST:
        return 0, len(widths)
    begin, room = at, _BEFORE_CARET
    while begin > 0 and widths[begin - 1] <= room:
        begin -= 1
        room -= widths[begin]
    end, room = at, _WIDEST - (_BEFORE_CARET - room)
    while end < len(widths) and widths[end] <= room:
        room -= widths[end]
        end += 1
    return begin, end


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(map(_columns_of_sign, text))


def _columns_of_sign(sign: str) -> int:
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:  # drawn upon the sign before, or not at all
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1
