"""A 3CX is one push's: whoever lost it to another one writes nothing more, forwards or back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from confgen.drivers import threecx
from confgen.drivers.threecx import lease as leases
from confgen.model.api import ApiAnswer, ApiRequest
from confgen.model.driver import PushRefused
from confgen.model.host import HostError
from confgen.model.inventory import Certificate, ClientCertificates
from confgen.model.lease import Lease
from confgen.model.result import Outcome, Result
from lab.threecx.quirks import Quirks
from tests.drivers.threecx.site import Site, a_site
from tests.drivers.threecx.test_cut_push import GOOD
from tests.model.pbxs import a_provider_trunk, reference
from tests.xapi.host import FakeHost

CERTIFICATE = Certificate(
    chain=reference("CHAIN"),
    key=reference("KEY"),
    authority=reference("AUTHORITY"),
    client_certificates=ClientCertificates.NOT_REQUESTED,
)
ANN = Lease(push="a" * 16, owner="ann@desk", undo_after=60)
BOB = Lease(push="b" * 16, owner="bob@desk", undo_after=60)


pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def site() -> Site:
    site = Site(pbx=a_site(own_certificate=CERTIFICATE))
    site.terms = replace(site.terms, no_undo=("*",))
    site.host.fake.clock = time.time
    return site


def beside(site: Site) -> Site:
    """Another push from the same machine, to the same PBX."""
    other = Site(pbx=replace(site.pbx, extensions=()), host=FakeHost(fake=site.host.fake, shelf=site.host.shelf))
    other.pbx, other.terms = site.pbx, site.terms
    return other


def at_first(site: Site, path: str, act: Callable[[], None]) -> None:
    """Do something before the first request whose path begins so; what was asked since is in the fake's log."""
    answered, is_first = site.host.request, [True]

    def request(asked: ApiRequest) -> ApiAnswer:
        if is_first[0] and asked.path.startswith(f"/xapi/v1/{path}"):
            is_first[0] = False
            act()
        return answered(asked)

    site.host.request = request  # type: ignore[method-assign]


def lock(site: Site, lease: Lease) -> None:
    threecx.lock(site.host, site.pbx, threecx.observe(site.host, site.pbx), lease)


def everything(site: Site) -> str:
    return json.dumps([site.objects, site.host.fake.state.singletons])


def test_whoever_lost_the_pbx_while_it_started_undoes_nothing(site: Site, clock: list[float]) -> None:
    others: list[Result] = []
    found: list[str] = []
    other = beside(site)

    def overtake() -> None:
        clock[0] += 61
        others.append(other.push())
        found.append(everything(site))

    at_first(site, "Services?", overtake)
    result = site.push()
    assert others[0].outcome in GOOD
    assert (result.outcome, result.exit_code) == (Outcome.UNDO_FAILED, 6)
    assert "another push has the PBX" in result.message
    assert [finding.code for finding in result.findings if finding.code == "PUSH-17"] == ["PUSH-17"]
    assert everything(site) == found[0]
    observation = threecx.observe(site.host, site.pbx)
    assert (observation.generation, observation.is_confirmed) == (2, True)
    assert site.push().outcome is Outcome.UNCHANGED


def test_whoever_lost_the_pbx_while_its_backup_was_made_writes_nothing(site: Site, clock: list[float]) -> None:
    other = beside(site)
    found: list[str] = []

    def overtake() -> None:
        clock[0] += 61
        assert other.push().outcome in GOOD
        found.append(everything(site))

    at_first(site, "Backups?", overtake)
    with pytest.raises(PushRefused, match="lost its hold"):
        site.push()
    assert everything(site) == found[0]
    assert threecx.observe(site.host, site.pbx).is_confirmed


def test_whoever_lost_the_pbx_between_two_objects_writes_no_other_one(site: Site, clock: list[float]) -> None:
    def overtake() -> None:
        clock[0] += 61
        lock(site, BOB)
        site.host.fake.log.clear()

    at_first(site, "Users(", overtake)
    result = site.push()
    assert (result.outcome, result.exit_code) == (Outcome.UNDO_FAILED, 6)
    assert "lost its hold" in result.message
    assert [one.method for one in site.host.fake.log if one.method != "GET"] == ["PATCH"]  # that was under way


@pytest.mark.parametrize("step", ["proving", "confirming"])
@pytest.mark.parametrize("passes", [True, False])
def test_whoever_lost_the_pbx_confirms_nothing(site: Site, clock: list[float], step: str, passes: bool) -> None:  # noqa: FBT001
    def overtake(words: str) -> None:
        if words == step:
            clock[0] += 3600
            lock(site, BOB)

    site.on_step, site.passes = overtake, passes or step == "confirming"
    result = site.push()
    assert (result.outcome, result.exit_code) == (Outcome.UNDO_FAILED, 6)
    assert "another push has the PBX" in result.message
    assert site.host.shelf.read("state") is None
    holder = leases.held(site.host.shelf, clock[0])
    assert holder is not None
    assert holder.owner == "bob@desk"


def test_a_push_that_waits_long_keeps_its_hold(site: Site, clock: list[float]) -> None:
    site.host.fake.quirks = Quirks(restart_seconds=200)
    tried: list[float] = []
    answered = site.host.request

    def request(asked: ApiRequest) -> ApiAnswer:
        if asked.path.startswith("/xapi/v1/Services?"):
            tried.append(clock[0])
            with pytest.raises(PushRefused, match="is at work"):
                threecx.lock(site.host, site.pbx, threecx.observe(site.host, site.pbx), BOB)
        return answered(asked)

    site.host.request = request  # type: ignore[method-assign]
    assert site.push().outcome in GOOD
    assert tried[-1] - tried[0] > ANN.undo_after


def test_a_backup_that_takes_long_keeps_the_hold(site: Site, clock: list[float]) -> None:
    began = clock[0]
    answered = site.host.request

    def request(asked: ApiRequest) -> ApiAnswer:
        answer = answered(asked)
        if not asked.path.startswith("/xapi/v1/Backups?") or clock[0] > began + 200:
            return answer
        with pytest.raises(PushRefused, match="is at work"):
            threecx.lock(site.host, site.pbx, threecx.observe(site.host, site.pbx), BOB)
        return replace(answer, body={"value": []})

    site.host.request = request  # type: ignore[method-assign]
    assert site.push().outcome in GOOD
    assert clock[0] > began + 200


def test_two_that_take_over_at_once_do_not_both_have_it(site: Site, clock: list[float]) -> None:
    lock(site, Lease(push="d" * 16, owner="dead@desk", undo_after=60))
    clock[0] += 61
    create, is_first = site.host.shelf.create, [True]

    def created(name: str, text: str) -> bool:
        if is_first[0] and name.startswith("lock/"):
            is_first[0] = False
            lock(site, ANN)
        return create(name, text)

    site.host.shelf.create = created  # type: ignore[method-assign]
    with pytest.raises(PushRefused, match="ann@desk is at work"):
        lock(site, BOB)
    assert leases.has(site.host, ANN)


def test_a_late_word_or_giving_back_leaves_who_has_it_alone(site: Site, clock: list[float]) -> None:
    lock(site, ANN)
    clock[0] += 61
    lock(site, BOB)
    with pytest.raises(HostError, match="lost its hold"):
        threecx.go_on(site.host, site.pbx, ANN)
    threecx.unlock(site.host, site.pbx, ANN)
    assert leases.has(site.host, BOB)
    threecx.unlock(site.host, site.pbx, BOB)
    assert leases.held(site.host.shelf, clock[0]) is None
    with pytest.raises(HostError, match="lost its hold"):
        threecx.go_on(site.host, site.pbx, ANN)


def test_a_word_that_is_written_after_a_takeover_counts_for_nothing(site: Site, clock: list[float]) -> None:
    lock(site, ANN)
    write = site.host.shelf.write

    def late(name: str, text: str) -> None:
        if name.startswith("lock/") and "ann@desk" in text:
            clock[0] += 61
            lock(site, BOB)
        write(name, text)

    site.host.shelf.write = late  # type: ignore[method-assign]
    threecx.go_on(site.host, site.pbx, ANN)
    assert leases.has(site.host, BOB)
    assert len([name for name in site.host.shelf.names() if name.startswith("lock/")]) == 2


def test_an_undo_that_is_tried_again_has_the_pbx_still(site: Site, clock: list[float]) -> None:
    holders: list[bool] = []

    def on_step(words: str) -> None:
        if words.startswith("undoing"):
            site.host.fake.quirks = Quirks(forbids=("/Users(*)",))
            holders.append(leases.held(site.host.shelf, clock[0]) is not None)

    site.passes, site.on_step = False, on_step
    assert site.push().outcome is Outcome.UNDO_FAILED
    assert holders == [True, True, True]
    assert leases.held(site.host.shelf, clock[0]) is None


def test_what_was_confirmed_is_not_undone_by_the_next_push(site: Site, clock: list[float]) -> None:
    site.push()
    site.pbx = replace(site.pbx, provider_trunks=(a_provider_trunk("carrier", codecs=("ulaw",)),))
    remove = site.host.shelf.remove

    def killed(name: str) -> None:
        if name == "journal":
            raise SystemExit
        remove(name)

    site.host.shelf.remove = killed  # type: ignore[method-assign]
    with pytest.raises(SystemExit):
        site.push()
    site.host.shelf.remove = remove  # type: ignore[method-assign]
    clock[0] += 61
    assert threecx.observe(site.host, site.pbx).generation == 2
    site.passes = False
    site.pbx = replace(site.pbx, provider_trunks=(a_provider_trunk("carrier", codecs=("alaw",)),))
    result = site.push()
    assert (result.outcome, result.generation) == (Outcome.UNDONE, 2)
    trunk = site.trunk("carrier")
    assert trunk is not None
    assert trunk["Gateway"]["Codecs"] == ["PCMU"]
    assert threecx.observe(site.host, site.pbx).is_confirmed


def test_the_journal_of_what_was_confirmed_is_swept_away_by_who_has_the_pbx(site: Site) -> None:
    site.push()
    confirmed = json.loads(site.host.shelf.texts["state"])["push"]
    journal = {"format": 1, "push": confirmed, "owner": "m", "generation": 1, "previous": 0, "entries": []}
    site.host.shelf.write("journal", json.dumps(journal))
    lock(site, ANN)
    assert site.host.shelf.read("journal") is None
