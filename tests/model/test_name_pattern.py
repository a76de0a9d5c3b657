"""Patterns of names take what they say and nothing more."""

from __future__ import annotations

import pytest

from confgen.model.name_pattern import fits, is_pattern, pattern_of


@pytest.mark.parametrize(
    ("pattern", "name", "is_one"),
    [
        ("branch-*", "branch-1", True),
        ("branch-*", "branch", False),
        ("10?", "101", True),
        ("10?", "1010", False),
        ("carrier", "Carrier", False),
        ("_0[1-9].", "_0[1-9].", True),
        ("_0[1-9].", "_05.", False),
        ("[!a]", "b", False),
        ("[*]X.", "*X.", True),
        ("[*]X.", "0X.", False),
        ("*X.", "0X.", True),
        ("1*", "", False),
        ("*", "", True),
        ("", "", True),
        ("", "a", False),
    ],
)
def test_only_star_and_question_mark_stand_for_other_signs(pattern: str, name: str, *, is_one: bool) -> None:
    assert fits(pattern, name) is is_one


@pytest.mark.parametrize(
    ("pattern", "name", "is_one"),
    [
        ("10*", "101-119", False),
        ("1*", "101-119", True),
        ("10?", "101-109", True),
        ("1?1", "101-191", False),
        ("00?", "001-009", True),
        ("101-119", "101-119", False),  # the name itself is asked for elsewhere
        ("???-???", "119-101", True),  # no range
        ("??????*", "000000-200000", False),  # too large for one
        ("*", "0000000000-9999999999", True),
    ],
)
def test_a_pattern_fits_a_range_where_it_fits_every_number(pattern: str, name: str, *, is_one: bool) -> None:
    assert fits(pattern, name) is is_one


def test_a_pattern_of_many_stars_costs_no_time() -> None:
    assert not fits("*a" * 60, "a" * 120 + "b")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("*X.", True), ("10?", True), ("[*]X.", False), ("[*]*", True), ("[1-9]", False), ("", False), ("a[?]", False)],
)
def test_a_pattern_can_fit_other_names(text: str, *, is_one: bool) -> None:
    assert is_pattern(text) is is_one


def test_the_pattern_of_a_name_fits_it_alone() -> None:
    assert pattern_of("*X?.[1-9]") == "[*]X[?].[1-9]"
    assert fits(pattern_of("*X?.[1-9]"), "*X?.[1-9]")
    assert not is_pattern(pattern_of("*X?.[1-9]"))
