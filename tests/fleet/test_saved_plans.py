"""A plan that was saved by another confgen, or of another inventory, reaches no PBX."""

from __future__ import annotations

import pytest

from confgen import __version__, fleet
from confgen.model.inventory import Inventory
from confgen.model.result import Outcome
from confgen.model.saved import Origin, SavedPlan
from confgen.model.terms import Strategy, Terms
from tests.fleet.test_legs import Listening
from tests.model.pbxs import a_pbx
from tests.plan.test_saved import saved

PBXS = (a_pbx("headquarters"), a_pbx("branch"))
INVENTORY = Inventory(pbxs=PBXS, folder=".", digest="ab" * 32)


@pytest.mark.parametrize(
    ("origin", "code"),
    [
        (Origin(version="0.0.0", inventory="ab" * 32), "PUSH-50"),
        (Origin(version=__version__, inventory="cd" * 32), "PUSH-51"),
        (Origin(version=__version__, inventory=""), "PUSH-51"),
    ],
)
def test_it_is_refused_before_a_secret_is_resolved_or_a_host_reached(origin: Origin, code: str) -> None:
    agreed = SavedPlan(origin=origin, made_at="", pbxs=(saved(),))
    watcher = Listening()
    results = fleet.push(INVENTORY, PBXS[:1], watcher, terms=Terms(), strategy=Strategy(), agreed=agreed)
    assert [(result.outcome, [finding.code for finding in result.findings]) for result in results] == [
        (Outcome.REFUSED, [code])
    ]
    assert watcher.steps == []


def test_a_pbx_that_the_plan_does_not_hold_is_refused() -> None:
    agreed = SavedPlan(origin=Origin(version=__version__, inventory="ab" * 32), made_at="", pbxs=(saved(),))
    watcher = Listening()
    (result,) = fleet.push(INVENTORY, PBXS[1:], watcher, terms=Terms(), strategy=Strategy(), agreed=agreed)
    assert (result.outcome, [finding.code for finding in result.findings]) == (Outcome.REFUSED, ["PUSH-56"])
    assert watcher.steps == []
