"""One physical line split into what counts and its comments, as Asterisk finds them."""

from __future__ import annotations

from typing import NamedTuple

from confgen.drivers.asterisk.configuration.words import BLANKS

_DEEPEST = 128


class Split(NamedTuple):
    """What counts of a line, trimmed, and where it begins; its comments and where; the depth after it."""

    text: str
    offset: int
    comments: tuple[tuple[int, str], ...]
    depth: int
    is_endless: bool = False  # at the 129th comment in comments, Asterisk reads this line for ever


def split(line: str, depth: int) -> Split:
    r"""Split a line without its end; `depth` tells how many comments over several lines are open before it.

    `;` to the end of the line, `;-- … --;` over several lines and within each other, `\;` is no comment. A `--;` that
    closes nothing makes the depth negative, and so makes comments of all lines after it.
    """
    counts = depth == 0
    is_open = counts  # whether what follows belongs to what counts
    pieces: list[tuple[int, str]] = []
    comments: list[tuple[int, str]] = []
    begin = 0  # of what was not yet given to either
    begin_of_comment = 0
    scan = 0  # no mark begins before it
    while (at := line.find(";", scan)) >= 0:
        if at > scan and line[at - 1] == "\\":
            if is_open:
                pieces.append((begin, line[begin : at - 1]))
                begin = at
            scan = at + 1
        elif line.startswith(";--", at) and line[at + 3 : at + 4] != "-":
            if is_open:
                pieces.append((begin, line[begin:at]))
                begin_of_comment, is_open = at, False
            if depth == _DEEPEST:
                return Split("", 0, ((begin_of_comment, line[begin_of_comment:]),), depth, is_endless=True)
            depth += 1
            scan = at + 3
        elif at >= scan + 2 and line[at - 2 : at] == "--":
            depth -= 1
            scan = at + 1
            if depth == 0:
                comments.append((begin_of_comment, line[begin_of_comment:scan]))
                counts = is_open = True
                begin = scan
        elif depth == 0:
            if is_open:
                pieces.append((begin, line[begin:at]))
                begin_of_comment, is_open = at, False
            break
        else:
            scan = at + 1
    if is_open:
        pieces.append((begin, line[begin:]))
    elif line[begin_of_comment:]:
        comments.append((begin_of_comment, line[begin_of_comment:]))
    text = "".join(piece for _, piece in pieces).strip(BLANKS) if counts else ""
    return Split(text, _first_sign(pieces), tuple(comments), depth)


def _first_sign(pieces: list[tuple[int, str]]) -> int:
    return next((at + len(piece) - len(kept) for at, piece in pieces if (kept := piece.lstrip(BLANKS))), 0)
