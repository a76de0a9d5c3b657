"""One browser for all tests in it, and where its screenshots go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium, started

_SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"

Screenshot = Callable[[str], None]


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with started(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def screenshot(chromium: Chromium) -> Screenshot:
    """Keep what the browser shows, for people to look at."""

    def keep(name: str) -> None:
        _SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        chromium.screenshot(_SCREENSHOTS / f"{name}.png")

    return keep
