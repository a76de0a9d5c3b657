"""The demonstration's 3CX, as its inventory and its fake are made: pushed, changed and proven, without a lab."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from confgen import fleet
from confgen.fleet.connections import Connections
from confgen.model.depth import Depth
from confgen.model.finding import Severity
from confgen.model.inventory import Inventory, Pbx
from confgen.model.result import Outcome, Result
from confgen.model.terms import Batch, Strategy, Terms
from confgen.report.answer import Answer
from confgen.report.html.page import page
from lab import demo
from lab.threecx.xapi import ContractFake
from tests.fleet.test_legs import Listening
from tests.xapi.host import CLIENT, FakeHost

if TYPE_CHECKING:
    from confgen.model.host import Host

STRATEGY = Strategy(batches=(Batch(size=1),))
GOOD = (Outcome.PROVEN, Outcome.PROVEN_IN_PART)


class Shop:
    """The PBX of the demonstration that is a 3CX, and what plays it."""

    def __init__(self, folder: Path) -> None:
        for name in ("key", "known_hosts"):
            (folder / name).touch()
        hosts = dict.fromkeys((demo.THREECX,), SimpleNamespace(domain=f"{demo.THREECX}.example.test"))
        lab: Any = SimpleNamespace(client_key=folder / "key", known_hosts=folder / "known_hosts", hosts=hosts)
        authority = demo.write_company(lab)
        self.played = demo.threecx(lab, authority)
        self.host = FakeHost(
            fake=ContractFake(
                client=self.played.client,
                secret="the-secret-of-the-client",
                domain=self.played.host.domain,
                version=self.played.version,
                users=tuple(self.played.users),
                clock=time.monotonic,
            )
        )

    @property
    def inventory(self) -> Inventory:
        loaded = fleet.load(demo.FOLDER / "inventory.yaml")
        assert [finding for finding in loaded.findings if finding.severity is Severity.ERROR] == []
        return loaded.inventory

    def pbxs(self) -> tuple[Pbx, ...]:
        return tuple(pbx for pbx in self.inventory.pbxs if pbx.name == demo.THREECX)

    def pushed(self) -> Result:
        terms = Terms(adopt=True)
        return fleet.push(self.inventory, self.pbxs(), Listening(), terms=terms, strategy=STRATEGY)[0]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr(demo, "FOLDER", tmp_path / "demo")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)  # the fake does everything at once
    shop = Shop(tmp_path)

    def to(_connections: Connections, _pbx: Pbx) -> Host:
        return shop.host

    monkeypatch.setattr(Connections, "to", to)
    return shop


def test_its_fake_is_what_its_inventory_needs(shop: Shop) -> None:
    (pbx,) = shop.pbxs()
    assert pbx.api is not None
    assert (shop.played.client, shop.played.port) == (pbx.api.client, pbx.api.port) == (CLIENT, 5001)
    assert list(shop.played.users) == [extension.number for extension in pbx.extensions]
    assert demo.THREECX_TRUNK in [trunk.name for trunk in pbx.trunks]


def test_it_goes_through_the_steps_of_the_demonstration(shop: Shop) -> None:
    first = shop.pushed()
    assert first.outcome in GOOD, first
    demo.change_inventory()
    (planned,) = fleet.plan(shop.inventory, shop.pbxs(), Listening())
    assert planned.plan is not None
    assert [change.key for change in planned.plan.changes] == ["AntiHackingSettings"]
    assert shop.pushed().outcome in GOOD
    assert shop.host.fake.state.singletons["AntiHackingSettings"]["HackAuthRequests"] == 3


def test_everything_that_it_shows_says_that_it_is_no_3cx(shop: Shop) -> None:
    assert "is a contract fake of 3CX's API and no 3CX" in demo.HONESTLY
    assert "not yet run on a live 3CX" in demo.HONESTLY
    shop.pushed()
    results = fleet.verify(shop.inventory, shop.pbxs(), Listening(), depth=Depth())
    told = Answer(command="verify", inventory="inventory.yaml", findings=(), pbxs=results[:1], exit_code=0)
    assert "what answers says that it is no 3CX" in page(told, shop.pbxs(), datetime.now(UTC))
