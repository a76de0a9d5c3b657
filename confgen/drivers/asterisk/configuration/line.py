"""One physical line split into what counts and its comments, as Asterisk finds them."""

from __future__ import annotations

import re
from typing import NamedTuple

from confgen.drivers.asterisk.configuration.words import BLANKS

# Asterisk asks of each `;` in this order: is it escaped, does it begin a comment over lines, does it end one?
_MARK = re.compile(r"(?P<escaped>\\;)|(?P<begin>;--(?!-))|(?P<end>--;(?!--(?!-)))|;")
_DEEPEST = 128


class Split(NamedTuple):
    """What counts of a line, trimmed, and where it begins; its comments and where; the depth after it."""

    text: str
    offset: int
    comments: tuple[tuple[int, str], ...]
    depth: int
    is_endless: bool  # at the 129th comment in comments, Asterisk reads the line for ever


def split(line: str, depth: int) -> Split:
    r"""Split a line without its end; `depth` tells how many comments over several lines are open before it.

    `;` to the end of the line, `;-- … --;` over several lines and within each other, `\;` is no comment. A `--;` that
    closes nothing makes the depth negative, and so makes comments of all lines after it.
    """
    deepest = depth
    counts = is_open = depth == 0  # whether anything can count, and whether what follows does
    pieces: list[tuple[int, str]] = []
    comments: list[tuple[int, str]] = []
    start = 0  # of the piece or comment that is not complete yet
    for mark in _MARK.finditer(line):
        kind = mark.lastgroup
        if kind == "escaped" or (kind is None and depth):
            continue  # no mark here
        if kind == "end":
            depth -= 1
            if depth == 0:
                comments.append((start, line[start : mark.end()]))
                start, counts, is_open = mark.end(), True, True
            continue
        if is_open:
            pieces.append((start, line[start : mark.start()]))
            start, is_open = mark.start(), False
        if kind is None:
            break
        depth += 1
        deepest = max(depth, deepest)
    (pieces if is_open else comments).append((start, line[start:]))
    text = "".join(piece.replace("\\;", ";") for _, piece in pieces).strip(BLANKS) if counts else ""
    return Split(
        text=text,
        offset=next((at + len(piece) - len(kept) for at, piece in pieces if (kept := piece.lstrip(BLANKS))), 0),
        comments=tuple((at, comment.rstrip("\r")) for at, comment in comments if comment.strip(BLANKS)),
        depth=depth,
        is_endless=deepest > _DEEPEST,
    )
