"""The way back to a generation: what bars it, what does not, and what is told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.drivers import threecx
from confgen.model.driver import PushRefused
from confgen.model.result import Outcome
from confgen.model.version import ProductVersion
from tests.drivers.threecx.site import Site, a_site
from tests.drivers.threecx.test_cut_push import GOOD
from tests.drivers.threecx.test_push import codes, writes
from tests.model.pbxs import a_provider_trunk

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def site() -> Site:
    """A PBX with two generations, of which the second has another codec."""
    site = Site()
    assert site.push().outcome in GOOD
    site.pbx = replace(site.pbx, provider_trunks=(a_provider_trunk("carrier", codecs=("ulaw",)),))
    assert site.push().generation == 2
    site.host.fake.log.clear()
    return site


def test_another_version_than_the_inventorys_bars_the_way_back_and_is_told_as_that(site: Site) -> None:
    site.host.fake.version = ProductVersion(20, 0, 11)
    result = site.rollback(1)
    assert (result.outcome, codes(result)) == (Outcome.REFUSED, {"PUSH-12"})
    assert writes(site) == []


def test_two_of_one_name_bar_the_way_back_and_are_told_as_that(site: Site) -> None:
    site.add_trunk("carrier")
    result = site.rollback(1)
    assert (result.outcome, codes(result)) == (Outcome.REFUSED, {"TCX-23"})


@pytest.mark.parametrize(("generation", "outcome"), [(1, (*GOOD,)), (0, (Outcome.RESTORED,))])
def test_a_user_who_is_gone_is_told_and_all_else_goes_back(
    site: Site, generation: int, outcome: tuple[Outcome, ...]
) -> None:
    del site.objects["Users"][site.user("101")["Id"]]
    assert codes(site.push()) >= {"TCX-21"}  # which bars a push
    result = site.rollback(generation)
    assert result.outcome in outcome
    (told,) = [finding for finding in result.findings if finding.code == "TCX-21"]
    assert "extension 101 is not on the PBX any more" in told.message
    assert site.user("100")["SRTPMode"] == ("SRTPEnforced" if generation else "SRTPDisabled")


def test_a_user_who_is_gone_is_no_fault_of_an_undo(site: Site) -> None:
    """He was gone before the rollback, too: the PBX is as it was."""
    del site.objects["Users"][site.user("101")["Id"]]
    site.passes = False
    result = site.rollback(1)
    assert (result.outcome, result.exit_code) == (Outcome.UNDONE, 5), result.message


@pytest.mark.parametrize("generation", [0, 1])
def test_what_confgen_made_since_goes_without_asking(generation: int) -> None:
    site = Site(pbx=a_site(provider_trunks=()))
    site.push()
    site.pbx = replace(site.pbx, provider_trunks=(a_provider_trunk("carrier"),))
    assert site.push().generation == 2
    assert site.rollback(generation).outcome in (*GOOD, Outcome.RESTORED)
    assert site.trunk("carrier") is None
    assert site.push().outcome in GOOD  # makes it again, with its password
    trunk = site.trunk("carrier")
    assert trunk is not None
    assert trunk["AuthPassword"]["Value"] == "sentinel-carrier-1"


def test_what_only_the_later_generation_wrote_on_what_confgen_made_goes_back_too(site: Site) -> None:
    before = site.trunk("carrier")
    assert before is not None
    was = (before["SimultaneousCalls"], before["OutboundCallerID"])
    site.pbx = replace(
        site.pbx,
        provider_trunks=(a_provider_trunk("carrier", codecs=("ulaw",), most_calls=7, caller_id="+491234"),),
    )
    assert site.push().generation == 3
    for generation in (2, 3, 1):
        assert site.rollback(generation).outcome in GOOD
        trunk = site.trunk("carrier")
        assert trunk is not None
        found = (trunk["SimultaneousCalls"], trunk["OutboundCallerID"])
        assert found == ((7, "+491234") if generation == 3 else was)
    assert site.push().outcome in GOOD
    trunk = site.trunk("carrier")
    assert trunk is not None
    assert trunk["AuthPassword"]["Value"] == "sentinel-carrier-1"


def test_what_had_no_value_before_confgen_has_none_again() -> None:
    site = Site()
    site.add_trunk("carrier", OutboundCallerID=None)
    for caller in ("+491", "+492"):
        site.pbx = replace(site.pbx, provider_trunks=(a_provider_trunk("carrier", caller_id=caller),))
        assert site.push(no_undo=("Trunks/*",)).outcome in GOOD
    assert site.rollback(0).outcome is Outcome.RESTORED
    trunk = site.trunk("carrier")
    assert trunk is not None
    assert trunk["OutboundCallerID"] is None


def test_what_a_push_that_was_cut_off_wrote_first_goes_back_too(site: Site, clock: list[float]) -> None:
    before = site.trunk("carrier")
    assert before is not None
    was = before["SimultaneousCalls"]
    site.pbx = replace(site.pbx, provider_trunks=(a_provider_trunk("carrier", codecs=("ulaw",), most_calls=7),))

    def on_step(words: str) -> None:
        if words.startswith("activating"):
            raise SystemExit

    site.on_step = on_step
    with pytest.raises(SystemExit):
        site.push()
    site.on_step = lambda _words: None
    clock[0] += 3600
    assert site.rollback(2).outcome in GOOD
    trunk = site.trunk("carrier")
    assert trunk is not None
    assert trunk["SimultaneousCalls"] == was


# Two objects under one name, at any moment


@pytest.mark.parametrize("step", ["staging", "switching"])
def test_two_of_one_name_refuse_whatever_comes_before_the_first_write(site: Site, step: str) -> None:
    site.pbx = replace(site.pbx, provider_trunks=(a_provider_trunk("carrier", codecs=("alaw",)),))

    def on_step(words: str) -> None:
        if words.startswith(step):
            site.add_trunk("carrier")

    site.on_step = on_step
    with pytest.raises(PushRefused) as refused:
        site.push()
    assert refused.value.finding.code == "TCX-23"
    assert [one for one in writes(site) if "Backup" not in one] == []
    with pytest.raises(PushRefused):
        threecx.read(site.host, site.pbx, ["Trunks/carrier"])


def test_two_of_one_name_leave_what_can_be_told_apart_to_the_undo(site: Site) -> None:
    site.pbx = replace(
        site.pbx,
        provider_trunks=(a_provider_trunk("carrier", codecs=("alaw",)),),
        extensions=tuple(replace(one, display_name="New") for one in site.pbx.extensions),
    )

    def on_step(words: str) -> None:
        if words == "proving":
            site.add_trunk("carrier")

    site.on_step, site.passes = on_step, False
    result = site.push()
    assert (result.outcome, result.exit_code) == (Outcome.UNDO_FAILED, 6)
    assert "there are two Trunks/carrier on the PBX" in result.message
    assert "please report it" not in result.message
    assert site.user("100")["FirstName"] == "Desk 100"


# Who would be locked out


def restricted(whitelist: list[str], own: str) -> Site:
    """A PBX that was restricted by hand to this list before confgen, and sees its pushes come from there."""
    site = Site(pbx=a_site(product={"console": {"permit": ("127.0.0.0/8", "192.0.2.0/24")}}))
    console = site.host.fake.state.singletons["ConsoleRestrictions"]
    console |= {"AccessRestricted": True, "IpWhitelist": whitelist, "MyIpAddress": "127.0.0.1"}
    assert site.push(allow_weaker="the test").outcome in GOOD
    console = site.host.fake.state.singletons["ConsoleRestrictions"]
    console["MyIpAddress"] = own
    return site


def test_a_list_that_cannot_be_read_wholly_is_enough_where_it_lets_us_in() -> None:
    site = restricted(["127.0.0.1", "10.0.0.1-10.0.0.9"], "127.0.0.1")
    assert site.rollback(0).outcome is Outcome.RESTORED


@pytest.mark.parametrize("whitelist", [["10.0.0.1-10.0.0.9"], ["10.0.0.1-10.0.0.9", "203.0.113.7"], []])
def test_a_list_that_lets_us_in_by_nothing_that_can_be_read_is_refused(whitelist: list[str]) -> None:
    site = restricted(whitelist, "127.0.0.1")
    with pytest.raises(PushRefused) as refused:
        site.rollback(0)
    assert {finding.code for finding in refused.value.findings} == {"TCX-22"}


def test_an_address_of_ipv4_that_is_written_as_one_of_ipv6_is_the_same() -> None:
    site = restricted(["::ffff:127.0.0.1", "192.0.2.7"], "::ffff:192.0.2.7")
    assert site.rollback(0).outcome is Outcome.RESTORED
    site = restricted(["::ffff:192.0.2.0/120"], "192.0.2.7")
    assert site.rollback(0).outcome is Outcome.RESTORED


@pytest.mark.parametrize("own", ["::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7:5061", "fe80::1%eth0", "", "somebody"])
def test_no_blocklist_blocks_who_pushes_it_however_the_address_is_written(own: str) -> None:
    site = Site(pbx=a_site(product={"blocklist": {"192.0.2.0/24": {"reason": "scans"}}}))
    site.host.fake.state.singletons["ConsoleRestrictions"]["MyIpAddress"] = own
    with pytest.raises(PushRefused) as refused:
        site.push()
    assert {finding.code for finding in refused.value.findings} == {"TCX-22"}
