"""Texts of comma-separated values (RFC 4180), cell by cell, with the place of each."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_DELIMITERS = ";,\t"  # what a heading is looked through for, where nothing is said
_LINE_END = re.compile(r"\r\n|\n|\r")
_DECLARED = re.compile(r"sep=([;,\t|])")  # how Excel is told


def is_table(file: str) -> bool:
    """Whether a file is one of those that tables are read from; a cell may hold a secret, and is never shown."""
    return file[-4:].lower() == ".csv"


class Cell(NamedTuple):
    """What stands between two delimiters, without its quotes and the blanks around it."""

    text: str
    column: int  # of its first sign; counts from 1


class Row(NamedTuple):
    """One line."""

    line: int  # counts from 1
    cells: list[Cell]


class BadTable(Exception):
    """A line that cannot be divided; what follows it is not read."""

    def __init__(self, wrong: str, mend: str, line: int, column: int) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.mend = mend
        self.line = line
        self.column = column


def rows_of(text: str, delimiter: str | None) -> Iterator[Row]:
    """Each line that holds anything, the heading first; BadTable where one cannot be divided.

    Without a delimiter, the first semicolon, comma or tab in the heading is one.
    """
    lines = iter(enumerate(_LINE_END.split(text), start=1))
    for line, written in lines:
        if (declared := _DECLARED.fullmatch(written)) is not None and delimiter is None:
            delimiter = declared[1]
        elif written.strip():
            if delimiter is None:
                delimiter = _delimiter_of(written)
            cells = _quoted(written, line, delimiter) if '"' in written else _plain(written, delimiter)
            if any(cell.text for cell in cells):
                yield Row(line, cells)


def _delimiter_of(heading: str) -> str:
    outside_quotes = re.sub(r'"[^"]*"', "", heading)
    return next((sign for sign in outside_quotes if sign in _DELIMITERS), ",")


def _plain(written: str, delimiter: str) -> list[Cell]:
    cells, column = [], 1
    for part in written.split(delimiter):
        text = part.strip()
        cells.append(Cell(text, column + len(part) - len(part.lstrip())))
        column += len(part) + 1
    return cells


def _quoted(written: str, line: int, delimiter: str) -> list[Cell]:
    cells: list[Cell] = []
    at = 0
    while True:
        found = _cell(delimiter).match(written, at)
        if found is None:
            raise _not_a_cell(written, line, at)
        quoted, plain, end = found.groups()
        if quoted is None:
            cells.append(Cell(plain.strip(), at + 1 + len(plain) - len(plain.lstrip())))
        else:
            cells.append(
                Cell(quoted.strip().replace('""', '"'), found.start(1) + 1 + len(quoted) - len(quoted.lstrip()))
            )
        if not end:
            return cells
        at = found.end()


@lru_cache(maxsize=8)
def _cell(delimiter: str) -> re.Pattern[str]:
    """A cell and what ends it: a delimiter or nothing."""
    ends = re.escape(delimiter)
    return re.compile(rf'(?:[ ]*"([^"]*(?:""[^"]*)*)"[ ]*|([^"{ends}]*))({ends}|\Z)')


def _not_a_cell(written: str, line: int, at: int) -> BadTable:
    column = written.find('"', at) + 1
    if written[at : column - 1].strip():
        return BadTable(
            "a quote stands within a cell", 'put the cell in quotes, and write "" for a quote in it', line, column
        )
    return BadTable(
        "what begins with this quote does not end before the next delimiter or the end of the line",
        'close it in the same line, and write "" for a quote within it',
        line,
        column,
    )
