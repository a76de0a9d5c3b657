"""A company of three real PBXs, pushed by the program itself, one for each worker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.host import HostSpec
from lab.instance import Instance
from lab.root_folder import Root
from tests.live.company import Company
from tests.live.living_company import SPECS as LIVING_SPECS
from tests.live.living_company import LivingCompany

_SPECS = (
    HostSpec(name="hq", domain="hq.example.test"),
    HostSpec(name="branch", domain="branch.example.test"),
    HostSpec(name="old", domain="old.example.test", root=Root.ASTERISK_16),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder and below it needs the lab."""
    here = f"{Path(__file__).parent}{os.sep}"
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.live)


@pytest.fixture(scope="session")
def company_lab() -> Iterator[Instance]:
    with Instance(f"company-{os.getpid()}", _SPECS) as instance:
        yield instance


@pytest.fixture(scope="session")
def pushed_company(company_lab: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    company = Company(company_lab, tmp_path_factory.mktemp("company"))
    pushed = company.confgen("push", "--adopt")
    assert pushed.code == 0, pushed.told
    company.keep()
    yield company
    company.wait_for()


@pytest.fixture
def restoring_company(pushed_company: Company) -> Iterator[Company]:
    """The company below, whose hosts may still be on the way to it: a test must wait for those that it needs."""
    yield pushed_company
    pushed_company.restore()


@pytest.fixture
def company(restoring_company: Company) -> Company:
    """Three PBXs as a push left them; what a test does to a host, or to the inventory, is gone after it."""
    restoring_company.wait_for()
    return restoring_company


@pytest.fixture(scope="module")
def living_lab() -> Iterator[Instance]:
    # Not for longer: a host takes five inotify instances, of which root has 128 unless the machine says otherwise.
    with Instance(f"living-{os.getpid()}", LIVING_SPECS) as instance:
        yield instance


@pytest.fixture(scope="module")
def settled_company(living_lab: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivingCompany]:
    company = LivingCompany(living_lab, tmp_path_factory.mktemp("living"))
    yield company
    company.wait_for()


@pytest.fixture
def living(settled_company: LivingCompany) -> Iterator[LivingCompany]:
    """Two PBXs as the company left them; what a test does to a host, or to the inventory, is gone after it."""
    settled_company.wait_for()
    yield settled_company
    settled_company.restore()
