"""Which numbers a pattern takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.model.patterns import is_matched, longest

digits = st.text(alphabet="0123456789", min_size=1, max_size=15)


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        ("112", ["112"], ["1120", "11", "113"]),
        ("2XX", ["200", "299"], ["2000", "300"]),
        ("ZN", ["12", "99"], ["02", "11"]),
        ("0[13-5]", ["01", "04"], ["02", "06", "0-"]),
        ("0.", ["01", "0123456"], ["0", "1", "+01"]),
        ("+49.", ["+491", "+4930123"], ["+49", "491", "4491"]),
        ("+X", ["+1"], ["1", "++"]),
        ("[5-3]X", [], ["51", "41", "31"]),
        ("X.", ["12"], ["1", "+12"]),
    ],
)
def test_a_pattern_takes_the_numbers_that_it_describes(pattern: str, taken: list[str], left: list[str]) -> None:
    assert [number for number in [*taken, *left] if is_matched(number, pattern)] == taken


@given(number=digits)
def test_a_number_is_the_pattern_of_itself_with_a_plus_and_without(number: str) -> None:
    assert is_matched(number, number)
    assert is_matched(f"+{number}", f"+{number}")
    assert not is_matched(f"+{number}", number)
    assert not is_matched(number, f"+{number}")


@given(number=digits, more=digits)
def test_a_dot_stands_for_one_digit_or_more(number: str, more: str) -> None:
    assert is_matched(number + more, f"{number}.")
    assert not is_matched(number, f"{number}.")


@pytest.mark.parametrize(("pattern", "count"), [("0X[13-5]", 3), ("+49", 3), ("112", 3), ("0.", None)])
def test_the_longest_number_of_a_pattern(pattern: str, count: int | None) -> None:
    assert longest(pattern) == count
