"""A 3CX, played by the contract fake, is pushed to through the real sshd of its host, and the link is cut meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from confgen.drivers import threecx
from confgen.model.api import ApiRequest
from confgen.model.result import Outcome, Result
from confgen.model.terms import Terms
from confgen.push import push
from lab.host import HostSpec
from lab.instance import Instance
from lab.pki import Authority, make_authority
from lab.threecx.quirks import Cut, CutMoment, Quirks
from lab.threecx.service import ThreeCx
from tests.drivers.threecx.site import Site, a_site
from tests.live.test_threecx_api import SECRET, reached

if TYPE_CHECKING:
    from confgen.remote.api.host import PbxApi

GOOD = (Outcome.PROVEN, Outcome.PROVEN_IN_PART)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return make_authority()


@pytest.fixture(scope="module")
def lab() -> Iterator[Instance]:
    spec = HostSpec(name="site", domain="site.example.test", runs_asterisk=False)
    with Instance(f"threecx-push-{os.getpid()}", [spec]) as instance:
        yield instance


@pytest.fixture
def site(lab: Instance, authority: Authority) -> Iterator[ThreeCx]:
    with ThreeCx(host=lab.hosts["site"], authority=authority, secret=SECRET) as served:
        yield served


@pytest.fixture
def api(lab: Instance, site: ThreeCx, authority: Authority) -> Iterator[PbxApi]:
    with closing(reached(lab, site, authority)) as api:
        for number in ("100", "101"):
            api.request(ApiRequest(method="POST", path="/xapi/v1/Users", body={"Number": number}))
        yield api


def pushed(lab: Instance, api: PbxApi) -> Result:
    as_said = Site(pbx=a_site())
    with lab.inside():
        return push(
            api,
            as_said.pbx,
            threecx,
            as_said.documents(),
            terms=Terms(adopt=True),
            prove=lambda pbx, documents: tuple(threecx.state(api, pbx, documents)),
            step=lambda _: None,
        )


def modes(site: ThreeCx) -> set[str]:
    return {user["SRTPMode"] for user in site.objects()["collections"]["Users"]}


def test_a_push_goes_through_ssh_and_is_read_back(lab: Instance, site: ThreeCx, api: PbxApi) -> None:
    result = pushed(lab, api)
    assert result.outcome in GOOD, result.message
    assert modes(site) == {"SRTPEnforced"}
    assert pushed(lab, api).outcome is Outcome.UNCHANGED


@pytest.mark.full
@pytest.mark.parametrize("moment", [CutMoment.BEFORE, CutMoment.AFTER])
def test_a_link_that_is_cut_at_a_write_is_made_anew_and_the_push_undone(
    moment: CutMoment, lab: Instance, site: ThreeCx, api: PbxApi
) -> None:
    pushed_requests = _number_of_the_second_write(lab, site, api)
    site.misbehave(Quirks(cut=Cut(at=pushed_requests, moment=moment)))
    result = pushed(lab, api)
    assert (result.outcome, result.exit_code) == (Outcome.UNDONE, 5), result.message
    assert modes(site) == {"SRTPDisabled"}
    site.misbehave(Quirks())
    assert pushed(lab, api).outcome in GOOD
    assert modes(site) == {"SRTPEnforced"}


def _number_of_the_second_write(lab: Instance, site: ThreeCx, api: PbxApi) -> int:
    """Tried on the same PBX, which refuses every write to a trunk and so is as before in the end."""
    site.misbehave(Quirks(forbids=("/Trunks*",)))
    before = len(site.log())
    assert pushed(lab, api).outcome is Outcome.UNDONE
    writes = [number for number, one in enumerate(site.log()[before:], start=1) if one.method == "PATCH"]
    return writes[1]
