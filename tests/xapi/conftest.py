"""A contract fake before every test, and who asks it."""

from __future__ import annotations

import pytest

from lab.threecx.xapi import ContractFake
from tests.xapi.asking import Api
from tests.xapi.host import FakeHost


@pytest.fixture
def host() -> FakeHost:
    return FakeHost()


@pytest.fixture
def fake(host: FakeHost) -> ContractFake:
    return host.fake


@pytest.fixture
def api(host: FakeHost) -> Api:
    return Api(host)
