"""An inventory's 3CX is planned, pushed to, planned again, taken back: by the commands of every other product."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confgen import fleet
from confgen.fleet.connections import Connections
from confgen.fleet.preparation import load
from confgen.model.api import ApiAnswer, ApiRequest
from confgen.model.finding import Severity
from confgen.model.host import HostError
from confgen.model.inventory import Inventory
from confgen.model.result import Outcome, Result
from confgen.model.terms import TIME_LIMIT, Batch, Strategy, Terms
from tests.drivers.threecx.site import AUTHORITY, Site
from tests.fleet.test_legs import Listening

if TYPE_CHECKING:
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx

INVENTORY = """\
version: 1
providers:
  carrier: {domain: carrier.example.test, authority: {file: carrier.pem}}
pbxs:
  site:
    kind: threecx
    address: 192.0.2.20
    product_version: "20.0.10"
    sip: {domain: site.example.test}
    api: {client: confgen, secret: {env: API}}
    backup: {secret: {env: BACKUP}}
    verify: {levels: [state], from: host}
    extensions:
      "100": {name: Reception}
      "101": {}
trunks:
  site-carrier:
    pbx: site
    provider: carrier
    account: {user: "4930123", secret: {env: CARRIER}, register: true}
"""
STRATEGY = Strategy(batches=(Batch(size=1),))


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    for name in ("API", "BACKUP", "CARRIER"):
        monkeypatch.setenv(name, f"sentinel-{name.lower()}-Zq7")
    site = Site()

    def to(_connections: Connections, _pbx: Pbx) -> Host:
        return site.host

    monkeypatch.setattr(Connections, "to", to)
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)  # the fake registers at once
    return site


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    path = tmp_path / "inventory.yaml"
    path.write_text(INVENTORY)
    (tmp_path / "carrier.pem").write_text(AUTHORITY)
    loaded = load(path)
    assert [finding for finding in loaded.findings if finding.severity is Severity.ERROR] == []
    return loaded.inventory


def push(inventory: Inventory, *, adopt: bool = True) -> Result:
    terms = Terms(adopt=adopt)
    return fleet.push(inventory, inventory.pbxs, Listening(), terms=terms, strategy=STRATEGY)[0]


def test_a_3cx_goes_through_the_commands_of_every_other_product(site: Site, inventory: Inventory) -> None:
    (planned,) = fleet.plan(inventory, inventory.pbxs, Listening())
    assert (planned.outcome, planned.exit_code) == (Outcome.PLANNED, 3)
    assert push(inventory, adopt=False).outcome is Outcome.REFUSED
    pushed = push(inventory)
    assert (pushed.outcome, pushed.exit_code) == (Outcome.PROVEN_IN_PART, 0), pushed.message
    trunk = site.trunk("site-carrier")
    assert trunk is not None
    assert trunk["AuthPassword"]["Value"] == "sentinel-carrier-Zq7"
    assert site.user("100")["SRTPMode"] == "SRTPEnforced"
    (planned,) = fleet.plan(inventory, inventory.pbxs, Listening())
    assert (planned.outcome, planned.findings) == (Outcome.UNCHANGED, ())
    (back,) = fleet.rollback(
        inventory,
        inventory.pbxs,
        Listening(),
        generation=0,
        terms=Terms(),
        strategy=STRATEGY,
    )
    assert back.outcome is Outcome.RESTORED
    assert site.user("100")["SRTPMode"] == "SRTPDisabled"
    assert site.trunk("site-carrier") is None


def test_a_plan_that_took_longer_than_it_may_does_not_say_that_all_is_as_it_should_be(
    site: Site, inventory: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert push(inventory).outcome is Outcome.PROVEN_IN_PART
    now, ask = [time.monotonic()], site.host.request
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def slow(request: ApiRequest, /) -> ApiAnswer:
        if request.path.endswith("Pbx.RunAnalysis"):  # the last question, whose answer nobody insists on
            now[0] += TIME_LIMIT
            raise HostError("site: does not answer")
        return ask(request)

    monkeypatch.setattr(site.host, "request", slow)
    (planned,) = fleet.plan(inventory, inventory.pbxs, Listening())

    assert planned.outcome is Outcome.UNKNOWN
    assert f"given up after {TIME_LIMIT:g} s" in planned.message


def test_a_saved_plan_is_carried_out_and_nothing_else(site: Site, inventory: Inventory) -> None:
    (planned,) = fleet.plan(inventory, inventory.pbxs, Listening())
    assert planned.savable is not None  # before the first push, for the key lies with the operator
    site.user("100")["SRTPMode"] = "SRTPEnabled"
    (moved,) = fleet.plan(inventory, inventory.pbxs, Listening())
    assert moved.savable is not None
    assert moved.savable.observed["Users/100"] != planned.savable.observed["Users/100"]
    assert "sentinel" not in repr(planned)
