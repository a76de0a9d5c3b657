"""The day by which exceptions end, which is the same wherever confgen runs. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

_WEST = timezone(timedelta(hours=-12))  # where each day ends last


def day_of(moment: datetime) -> date:
    """The day that it still is somewhere: the last day of an exception counts in every time zone, to its end."""
    return moment.astimezone(_WEST).date()


def today() -> date:
    """The same of now."""
    return day_of(datetime.now(UTC))
