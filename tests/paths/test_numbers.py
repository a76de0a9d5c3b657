"""What a route sends of what is dialled, and which route takes a number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.paths.numbers import best, sent, sent_for
from tests.model.pbxs import a_route


@pytest.mark.parametrize(
    ("pattern", "strip", "prepend", "dialled", "expected"),
    [
        ("0.", 1, "", "0301234", "301234"),
        ("0.", 1, "+49", "0301234", "+49301234"),
        ("00Z.", 2, "+", "0044123", "+44123"),
        ("2XX", 0, "", "234", "234"),
        ("9.", 2, "", "95", ""),
        ("+Z.", 0, "", "+4412", "+4412"),
        ("+Z.", 0, "00", "+4412", "004412"),  # the mark's place is taken
        ("+Z.", 1, "", "+4412", "4412"),
        ("700", 3, "1", "700", "1"),
    ],
)
def test_what_is_dialled_is_sent_with_other_digits_in_front(
    pattern: str, strip: int, prepend: str, dialled: str, expected: str
) -> None:
    route = replace(a_route(pattern, "out"), strip=strip, prepend=prepend)

    assert str(sent_for(route, dialled)) == expected
    assert expected in sent(route)


def test_a_number_that_is_taken_before_the_route_is_never_sent_as_it_stands() -> None:
    assert "112" not in sent(a_route("1XX", "out"), ("112",))
    assert "113" in sent(a_route("1XX", "out"), ("112",))
    assert "112" in sent(replace(a_route("01XX", "out"), strip=1), ("112",))


@pytest.mark.parametrize(
    ("patterns", "number", "expected"),
    [
        (("0.", "00."), "0044", "00."),
        (("XX", "1X", "11"), "11", "11"),
        (("XX", "1X", "11"), "12", "1X"),
        (("1.", "1X"), "12", "1X"),
        (("9[1-5]", "9X"), "93", "9[1-5]"),
        (("9[1-5]", "9X"), "96", "9X"),
        (("[5-3]X",), "43", None),
    ],
)
def test_the_closest_route_takes_a_number(patterns: tuple[str, ...], number: str, expected: str | None) -> None:
    route = best([a_route(pattern, "out") for pattern in patterns], number)

    assert (None if route is None else route.numbers) == expected
