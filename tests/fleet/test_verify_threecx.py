"""`confgen verify` of a 3CX: through its API alone, in part, and with 0 only where nothing failed or is unknown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from confgen.fleet.job import Job, Task
from confgen.fleet.work import perform
from confgen.model.check import Level, Vantage, Verdict
from confgen.model.depth import Depth
from confgen.model.inventory import Inventory, Pbx, Verification
from confgen.model.result import Outcome, Result
from tests.drivers.threecx.proof_site import AUTHORITY, ProvenSite, a_site
from tests.fleet.test_legs import site

STATE_ONLY = Verification(vantage=Vantage.HOST, levels=frozenset({Level.STATE}))


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a proof needs, and nothing else: no password of a trunk, and no secret of the backup."""
    for name in ("AUTHORITY", "CARRIERS_AUTHORITY", "API_AUTHORITY"):
        monkeypatch.setenv(name, AUTHORITY)
    monkeypatch.setenv("API", "the-secret-of-the-client")


def verify(threecx: ProvenSite, pbx: Pbx | None = None) -> Result:
    pbx = replace(pbx or threecx.pbx, verification=STATE_ONLY)
    hosts: Any = {"site": threecx.host}
    return perform(Job(task=Task.VERIFY, inventory=Inventory(pbxs=(pbx,), folder="."), depth=Depth()), site(hosts))


def test_it_is_proven_in_part_and_ends_with_0() -> None:
    result = verify(ProvenSite())
    assert (result.outcome, result.exit_code, result.findings) == (Outcome.PROVEN_IN_PART, 0, ())
    assert result.message == "proven in part; not enforceable: phones; not checked: product, secrets"


def test_what_failed_ends_with_1() -> None:
    threecx = ProvenSite()
    threecx.user("100")["SRTPMode"] = "SRTPDisabled"
    result = verify(threecx)
    assert (result.outcome, result.exit_code) == (Outcome.NOT_PROVEN, 1)


def test_what_is_unknown_ends_with_4() -> None:
    threecx = ProvenSite()
    threecx.misbehave(analysis={"hq-site": ("RegisteredOK", "ServerAddress:Error")})
    result = verify(threecx)
    assert (result.outcome, result.exit_code) == (Outcome.UNKNOWN, 4)


def test_an_api_that_does_not_answer_is_unknown() -> None:
    threecx = ProvenSite()
    threecx.misbehave(breaks={"GET /Users": 500})
    result = verify(threecx)
    assert (result.outcome, result.exit_code) == (Outcome.UNKNOWN, 4)
    assert Verdict.PASSED not in {check.verdict for check in result.checks}


def test_a_3cx_of_another_shape_than_the_inventorys_is_not_proven() -> None:
    threecx = ProvenSite(pbx=a_site(trunks=()))
    result = verify(threecx, a_site())
    assert result.outcome is Outcome.NOT_PROVEN
    assert ("TCX-31", "Trunks/hq-site") in {(c.code, c.subject) for c in result.checks if c.verdict is Verdict.FAILED}
