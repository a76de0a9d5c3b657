"""The link goes at any one request of a push: every object is told as it stands, and the next push converges."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from confgen.drivers import threecx
from confgen.model.driver import PushRefused
from confgen.model.host import HostError
from confgen.model.result import Outcome
from lab.threecx.quirks import Cut, CutMoment, Quirks
from tests import quick
from tests.drivers.threecx.clock import a_clock
from tests.drivers.threecx.site import SENTINEL, Site, a_peer_trunk, a_site
from tests.model.pbxs import reference

if TYPE_CHECKING:
    from confgen.model.result import Result

pytestmark = pytest.mark.usefixtures("clock")
GOOD = (Outcome.PROVEN, Outcome.PROVEN_IN_PART)


def a_full_site() -> Site:
    """Every type of object but the certificate, with those that are there and those that are made."""
    product = {
        "console": {"permit": ("127.0.0.0/8", "192.0.2.0/24")},
        "countries": {"allow": ("49", "43")},
        "anti_hacking": {"hack_auth_requests": 10},
        "codecs": {"local": ("alaw", "ulaw"), "external": ("alaw",)},
        "blocklist": {"198.51.100.7/32": {"reason": "scans"}},
        "sbcs": {"sbc1": {"secret": reference("SBC")}},
    }
    site = Site(pbx=a_site(product=product, trunks=(a_peer_trunk(),)))
    site.add_trunk("carrier")
    site.host.fake.state.singletons["CountryCodes"]["CountryCodes"] = ["1", "43", "49"]
    site.terms = replace(site.terms, no_undo=("Trunks/carrier",))
    return site


def _cuts() -> list[Cut]:
    """Before every request, and after each one that changes something: else nobody could tell them apart."""
    site = a_full_site()
    with pytest.MonkeyPatch.context() as patch:
        a_clock(patch)
        assert site.push().outcome in GOOD
    cuts = []
    for number, logged in enumerate(site.host.fake.log, start=1):
        cuts.append(Cut(at=number))
        if logged.method != "GET":
            cuts.append(Cut(at=number, moment=CutMoment.AFTER))
    return cuts


def _named(cut: Cut) -> str:
    return f"{cut.moment.value}-{cut.at}"


_EVERY_CUT = _cuts()
CUTS = pytest.mark.parametrize("cut", quick.each(5, _EVERY_CUT), ids=_named)
CUTS_THAT_HEAL = pytest.mark.parametrize("cut", quick.each(5, _EVERY_CUT, first=2), ids=_named)


@CUTS
def test_a_push_that_is_cut_for_good_is_told_and_the_next_one_converges(cut: Cut, clock: list[float]) -> None:
    site = a_full_site()
    before = _as_it_is(site)
    site.host.fake.quirks = Quirks(cut=replace(cut, times=None))
    result = _pushed(site)
    moved = _moved(before, _as_it_is(site))
    clock[0] += 3600  # until the lease has ended
    site.host.fake.quirks = Quirks()

    observation = threecx.observe(site.host, site.pbx)
    told = " ".join(finding.message for finding in observation.findings)
    for key in moved:
        assert not observation.is_confirmed
        assert f"{key} was not reached" not in told
        assert f"{key} " in told, f"{key} has changed, and nobody tells"
    if result is not None and result.outcome is Outcome.UNDO_FAILED:
        assert result.exit_code == 6
        assert any("put back in the console" in finding.mend for finding in result.findings)
    if not moved and observation.is_confirmed:
        assert "came to no end" not in told

    converged = site.push()
    assert converged.outcome in (*GOOD, Outcome.UNCHANGED), converged.findings
    assert site.is_secure()
    assert site.push().outcome is Outcome.UNCHANGED
    assert SENTINEL not in "".join(site.host.shelf.texts.values())


@CUTS_THAT_HEAL
def test_a_push_whose_link_comes_back_is_undone_object_by_object(cut: Cut) -> None:
    site = a_full_site()
    before = _as_it_is(site)
    site.host.fake.quirks = Quirks(cut=cut)
    result = _pushed(site)
    moved = _moved(before, _as_it_is(site))
    if result is None or result.outcome in (Outcome.REFUSED, Outcome.UNDONE):
        assert not moved
    elif result.outcome is Outcome.UNDO_FAILED:  # the old password of the trunk is known to nobody
        told = "Trunks/carrier has the new AuthPassword.Value" in result.message
        assert told or "Trunks/carrier may have the new AuthPassword.Value" in result.message
        assert moved <= {"Trunks/carrier"}
        assert moved or not told
    else:
        assert result.outcome in GOOD


def _pushed(site: Site) -> Result | None:
    """None where the link went before the switch, which is for the caller to tell."""
    try:
        return site.push()
    except (HostError, PushRefused):
        return None


def _as_it_is(site: Site) -> dict[str, str]:
    """Everything that a push writes, secrets too, by the keys of documents."""
    state = site.host.fake.state
    found = {name: json.dumps(one) for name, one in state.singletons.items()}
    for name, title in (("Users", "Number"), ("Sbcs", "Name"), ("Blocklist", "IPAddrMask")):
        found |= {f"{name}/{one[title]}": json.dumps(one) for one in state.collections[name].values()}
    return found | {f"Trunks/{name}": json.dumps(trunk) for name, trunk in state.named_trunks()}


def _moved(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
