"""SRTP comes to a phone in two steps, and goes back by nobody's mistake: whole pushes to the contract fake."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from confgen import fleet
from confgen.drivers import threecx
from confgen.drivers.threecx.rollout import DISABLED, ENABLED, ENFORCED
from confgen.model.check import Verdict
from confgen.model.finding import Severity
from confgen.model.inventory import Pbx
from confgen.model.migration import Migration
from confgen.model.result import Outcome
from tests.drivers.threecx.site import Site, a_site
from tests.golden.test_golden_trees import GOLDEN
from tests.model.pbxs import PLACE

pytestmark = pytest.mark.usefixtures("clock")


def waiving(pbx: Pbx, *numbers: str) -> Pbx:
    migration = Migration(extensions=numbers, owner="Ann", until=date(2027, 3, 31), place=PLACE)
    return replace(pbx, migration=migration if numbers else None)


@pytest.fixture
def site() -> Site:
    """Phone 100 is registered, phone 101 too; neither has SRTP."""
    site = Site(pbx=waiving(a_site(), "100", "101"))
    for number in ("100", "101"):
        site.user(number).update(IsRegistered=True, SRTPMode=DISABLED)
    return site


def modes(site: Site) -> list[str]:
    return [site.user(number)["SRTPMode"] for number in ("100", "101")]


def verdicts(site: Site) -> dict[str, Verdict]:
    checks = threecx.state(site.host, site.pbx, site.documents())
    return {check.subject: check.verdict for check in checks if check.code == "TCX-32"}


def test_named_extensions_are_asked_for_srtp_and_read_waived_until(site: Site) -> None:
    assert site.push().outcome is Outcome.PROVEN
    assert modes(site) == [ENABLED, ENABLED]
    assert set(verdicts(site).values()) == {Verdict.WAIVED}


def test_one_that_is_taken_out_is_held_to_srtp_and_the_other_is_not(site: Site) -> None:
    site.push()
    site.pbx = waiving(site.pbx, "101")
    assert site.push().outcome is Outcome.PROVEN
    assert modes(site) == [ENFORCED, ENABLED]
    assert sorted(verdict.value for verdict in verdicts(site).values()) == ["passed", "waived"]


def test_a_registered_phone_is_not_held_to_srtp_in_one_step_by_accident(site: Site) -> None:
    site.pbx = waiving(site.pbx)
    refused = site.push()
    assert refused.outcome is Outcome.REFUSED
    assert refused.plan is not None
    assert [cut.extension for cut in refused.plan.cut_off] == ["100", "101"]
    assert all("goes silent" in cut.reason for cut in refused.plan.cut_off)
    assert modes(site) == [DISABLED, DISABLED]


def test_who_takes_that_risk_says_for_how_many(site: Site) -> None:
    site.pbx = waiving(site.pbx)
    assert site.push(max_cut_off=2).outcome is Outcome.PROVEN
    assert modes(site) == [ENFORCED, ENFORCED]


def test_the_way_back_is_weaker_and_needs_a_reason(site: Site) -> None:
    site.push()
    site.pbx = waiving(site.pbx)
    site.push()
    site.pbx = waiving(site.pbx, "101")
    assert site.push().outcome is Outcome.REFUSED
    assert modes(site) == [ENFORCED, ENFORCED]
    assert site.push(allow_weaker="the phone was broken").outcome is Outcome.PROVEN
    assert modes(site) == [ENFORCED, ENABLED]


def test_whoever_switches_srtp_off_by_hand_is_not_waived(site: Site) -> None:
    site.push()
    site.user("101")["SRTPMode"] = DISABLED
    assert sorted(verdict.value for verdict in verdicts(site).values()) == ["failed", "waived"]


@pytest.mark.parametrize(
    ("today", "code", "severity"),
    [(date(2099, 12, 31), "MIG-01", Severity.WARNING), (date(2100, 1, 1), "MIG-02", Severity.ERROR)],
)
def test_after_its_last_day_the_waiver_stops_whatever_is_done_with_the_inventory(
    today: date, code: str, severity: Severity
) -> None:
    findings = fleet.load(GOLDEN / "threecx" / "a-whole-site" / "inventory.yaml", today=today).findings
    assert [(one.code, one.severity) for one in findings if one.code.startswith("MIG-")] == [(code, severity)]
    assert all("Ann" in one.message for one in findings if one.code.startswith("MIG-"))
