"""Figures as people read them, and a page that keeps all else."""

from __future__ import annotations

import pytest

from benchmarks.table import Table, seconds, times, written_between


def test_a_table_is_markdown() -> None:
    table = Table(title="Speed", head=("", "s"), rows=(("confgen", "1.00"),))

    assert str(table) == "### Speed\n\n|  | s |\n| --- | ---: |\n| confgen | 1.00 |\n"


def test_figures_have_no_more_digits_than_they_are_worth() -> None:
    assert [seconds(value) for value in (0.123, 12.34, 123.4, None)] == ["0.12", "12.3", "123", "–"]
    assert [times(value, 2.0) for value in (2.5, 5.0, 50.0, None)] == ["1.25 ×", "2.5 ×", "25 ×", "–"]


def test_only_what_stands_between_the_comments_is_written_anew() -> None:
    page = "before\n<!-- a: begin -->\nold\n<!-- a: end -->\nafter\n"

    assert written_between(page, "a", "new\n") == page.replace("old", "new")
    with pytest.raises(ValueError, match="there is no <!-- b: begin -->"):
        written_between(page, "b", "new\n")
