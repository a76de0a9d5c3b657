"""A PBX for which nothing can be done but to render is refused before anybody connects to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from confgen import fleet
from confgen.model.inventory import Inventory
from confgen.model.result import Outcome, Result
from confgen.model.terms import Batch, Strategy, Terms
from confgen.model.version import ProductVersion
from tests.fleet.test_legs import Listening
from tests.model.pbxs import a_pbx

OLD = a_pbx("site", kind="threecx", product_version=ProductVersion(18, 0, 9), own_certificate=None, probe=None)
INVENTORY = Inventory(pbxs=(OLD,), folder=".")
CHANGE: dict[str, Any] = {"terms": Terms(), "strategy": Strategy(batches=(Batch(size=1),))}


@pytest.mark.parametrize(
    "act",
    [
        lambda: fleet.plan(INVENTORY, (OLD,), Listening()),
        lambda: fleet.verify(INVENTORY, (OLD,), Listening()),
        lambda: fleet.examine(INVENTORY, (OLD,), Listening()),
        lambda: fleet.push(INVENTORY, (OLD,), Listening(), **CHANGE),
        lambda: fleet.rollback(INVENTORY, (OLD,), Listening(), generation=None, **CHANGE),
    ],
    ids=["plan", "verify", "doctor", "push", "rollback"],
)
def test_an_old_3cx_is_refused_with_the_way_out(
    act: Callable[[], tuple[Result, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet.connections.Connections, "to", lambda *_: pytest.fail("somebody connected"))
    result = act()[0]
    assert (result.outcome, result.exit_code) == (Outcome.REFUSED, 1)
    assert [finding.code for finding in result.findings] == ["TCX-20"]
    assert "confgen render" in result.findings[0].mend


def test_and_rendered_all_the_same() -> None:
    assert "extensions.csv" in fleet.render_masked(OLD)
