"""What tests of pushes to a 3CX share."""

from __future__ import annotations

import pytest

from tests.drivers.threecx.clock import a_clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in seconds, which passes by sleeping alone."""
    return a_clock(monkeypatch)
