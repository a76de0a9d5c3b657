"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter
from hypothesis import settings

from confgen.model.inventory import Pbx
from lab.root_folder import Root, build
from tests.model.pbxs import a_pbx

_INSTANCES = Path("/proc/sys/fs/inotify/max_user_instances")
_INSTANCES_OF_A_WORKER = 40  # of eight hosts in the lab, of which each takes five
_QUICK_EXAMPLES = 10  # of each property, where hypothesis tries a hundred in the full run

settings.register_profile("quick", settings.get_profile("ci"), max_examples=_QUICK_EXAMPLES)


def pytest_configure(config: pytest.Config) -> None:
    """The same examples each time and no deadline; fewer of them where only the full run has all combinations."""
    settings.load_profile("quick" if "not full" in config.option.markexpr else "ci")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One for each processor, and one more where tests wait for hosts, as long as the kernel has room for these."""
    processors = len(os.sched_getaffinity(0))
    if "not live" in config.option.markexpr:
        return processors
    return max(1, min(processors + 1, int(_INSTANCES.read_text(encoding="ascii")) // _INSTANCES_OF_A_WORKER))


@pytest.fixture
def pbx() -> Pbx:
    return a_pbx()


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say which real products the live tests ran against."""
    live = [report for report in terminalreporter.getreports("passed") if "live" in report.keywords]
    if live:
        products = ", ".join(build(root, lambda _: None).version for root in Root)
        terminalreporter.write_line(f"{len(live)} live tests passed, against {products}")
