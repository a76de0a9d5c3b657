"""A line and its caret: the caret stands under what is meant, and nothing in the line steers the terminal."""

from __future__ import annotations

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.model.quote import Quote
from confgen.report import quotation
from confgen.report.visible import visible
from tests.report.hostile import STEERING, WORDS


def drawn(text: str, column: int, number: int = 7) -> tuple[str, str]:
    line, caret = (click.unstyle(each) for each in quotation.lines(number, Quote(text=text, column=column)))
    return line, caret


def test_the_caret_stands_under_what_is_meant() -> None:
    assert drawn("  trunk: hq-brnch", 10) == (
        "    7 |   trunk: hq-brnch",
        "                 ^",
    )


@pytest.mark.parametrize(
    ("text", "column", "before"),
    [
        ("\tname: x", 2, "    "),
        ("名前: x", 5, "名前: "),
        ("e\u0301: x", 5, "e\u0301: "),
        ("a\x1b[2J: x", 6, "a\\x1b[2J"),
    ],
    ids=["tab", "wide", "combining", "control"],
)
def test_it_does_so_whatever_stands_before(text: str, column: int, before: str) -> None:
    line, caret = drawn(text, column)

    assert line.startswith(f"    7 | {before}")
    columns = {"    ": 4, "名前: ": 6, "e\u0301: ": 3, "a\\x1b[2J": 8}[before]
    assert caret == " " * (8 + columns) + "^"


def test_of_a_long_line_what_stands_around_the_caret_is_shown() -> None:
    line, caret = drawn("a" * 5000 + "X" + "b" * 5000, 5001)

    assert line == f"    7 | …{'a' * 60}X{'b' * 39}…"
    assert line[len(caret) - 1] == "X"


@pytest.mark.parametrize("column", [1, 50, 99, 100])
def test_a_line_that_fits_is_shown_whole(column: int) -> None:
    assert drawn("x" * 100, column)[0] == f"    7 | {'x' * 100}"


def test_the_end_of_a_line_can_be_meant() -> None:
    assert drawn("name:", 6)[1] == " " * 13 + "^"


def test_nothing_steers_the_terminal() -> None:
    line, _ = drawn(WORDS.replace("\n", " "), 1)

    assert not set(STEERING) & set(line)


@given(st.text(alphabet=st.characters(exclude_characters="\t\n"), max_size=300), st.integers(1, 301))
def test_a_quote_is_two_lines_and_never_too_long(text: str, column: int) -> None:
    line, caret = drawn(text, min(column, len(text) + 1))

    assert "\n" not in line
    assert line == visible(line)
    assert caret.strip() == "^"
    assert len(caret) <= 8 + 62 + 12  # a spelt sign of twelve columns at most
