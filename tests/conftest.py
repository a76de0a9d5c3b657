"""What all tests share."""

from __future__ import annotations

import pytest
from _pytest.terminal import TerminalReporter

from confgen.model.inventory import Pbx
from lab.root_folder import Root, build
from tests.model.pbxs import a_pbx


@pytest.fixture
def pbx() -> Pbx:
    return a_pbx()


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say which real products the live tests ran against."""
    live = [report for report in terminalreporter.getreports("passed") if "live" in report.keywords]
    if live:
        products = ", ".join(build(root, lambda _: None).version for root in Root)
        terminalreporter.write_line(f"{len(live)} live tests passed, against {products}")
