"""The last day of an exception counts to its end, in every time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from confgen.model.days import day_of

_LAST = date(2027, 3, 31)


@pytest.mark.parametrize("hours", [-12, -8, 0, 2, 14])
def test_the_last_day_counts_until_midnight_wherever_it_is_read(hours: int) -> None:
    last_minute = datetime(2027, 3, 31, 23, 59, tzinfo=timezone(timedelta(hours=hours)))

    assert day_of(last_minute) <= _LAST


def test_it_is_over_when_it_is_over_everywhere() -> None:
    assert day_of(datetime(2027, 4, 1, 11, 59, tzinfo=UTC)) == _LAST
    assert day_of(datetime(2027, 4, 1, 12, 0, tzinfo=UTC)) == date(2027, 4, 1)
