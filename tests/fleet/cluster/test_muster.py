"""What is in the way of a run on a cluster is told before anything begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from confgen import __version__
from confgen.fleet.cluster import begun, muster
from confgen.model.cluster import ClusterUse, SchedulerAccess
from confgen.model.driver import PushRefused
from confgen.model.finding import Place
from confgen.model.inventory import Inventory, Pbx
from tests.fleet.cluster.links import FakeLink, greeting, worker
from tests.model.pbxs import a_pbx

RESOLVED_THERE = ClusterUse(resolves_secrets=True)
HQ = replace(a_pbx("hq"), site="eu", places={("site",): Place("inventory.yaml", 9, 5)})
LAB = a_pbx("lab")
ACCESS = SchedulerAccess(address="tls://192.0.2.1:8786")


class Linked(FakeLink):
    def listen(self, run: str, _heard: object) -> None:
        self.said.append(f"listen {run}")


def codes(findings: Iterator[object]) -> list[str]:
    return [finding.code for finding in findings]  # type: ignore[attr-defined]


def run_on(
    monkeypatch: pytest.MonkeyPatch, link: FakeLink, pbxs: Sequence[Pbx], use: ClusterUse = RESOLVED_THERE
) -> list[str]:
    """Begin and end a run; the codes with which it was refused."""

    @contextmanager
    def connect(_access: SchedulerAccess) -> Iterator[FakeLink]:
        yield link

    monkeypatch.setattr(begun, "connected", connect)
    try:
        with begun.on_cluster(ACCESS, Inventory(pbxs=tuple(pbxs), folder=".", cluster=use), pbxs):
            return []
    except PushRefused as refused:
        return [finding.code for finding in refused.findings]


def test_a_run_begins_with_the_workers_that_are_needed_and_says_farewell(monkeypatch: pytest.MonkeyPatch) -> None:
    link = Linked.of(worker("eu", site_eu=1), worker("us", site_us=1))
    assert run_on(monkeypatch, link, [HQ]) == []
    words = [line.split()[0] for line in link.said]
    assert (words, link.said[0].split()[2:]) == (["greet", "listen", "farewell"], ["tls://eu:1"])


def test_a_site_without_a_worker_is_told_where_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    told = list(muster.absent([HQ, LAB], [worker("us", site_us=1)]))
    assert [finding.code for finding in told] == ["CLU-01", "CLU-01"]
    assert told[0].place == Place("inventory.yaml", 9, 5)
    assert "site-eu=" in told[0].mend
    assert "lab has no site" in told[1].message
    link = Linked.of(worker("us", site_us=1))
    assert run_on(monkeypatch, link, [HQ]) == ["CLU-01"]
    assert link.sent == []


@pytest.mark.parametrize(
    ("told", "words"),
    [(greeting(version="0.0.1"), "it has 0.0.1"), ("it has no confgen, or another version of it", "it has no confgen")],
    ids=["another", "none"],
)
def test_another_version_is_refused_wherever_it_is(monkeypatch: pytest.MonkeyPatch, told: object, words: str) -> None:
    eu = worker("eu", site_eu=1)
    of_worker = Linked.of(eu)
    of_worker.greetings[eu.address] = told  # type: ignore[assignment]
    of_scheduler = Linked.of(eu)
    of_scheduler.of_scheduler = told  # type: ignore[assignment]
    for link in (of_worker, of_scheduler):
        assert run_on(monkeypatch, link, [HQ]) == ["CLU-02"]
    (finding,) = muster.strange(told, {})  # type: ignore[arg-type]
    assert (words in finding.message, __version__ in finding.message) == (True, True)


@pytest.mark.parametrize(
    "told",
    [greeting(demands_encryption=False), greeting(addresses=("tls://192.0.2.1:1", "tcp://192.0.2.1:2"))],
    ids=["takes anybody", "also in clear"],
)
def test_a_party_that_would_speak_without_tls_is_refused(monkeypatch: pytest.MonkeyPatch, told: object) -> None:
    eu = worker("eu", site_eu=1)
    link = Linked.of(eu)
    link.greetings[eu.address] = told  # type: ignore[assignment]
    assert run_on(monkeypatch, link, [HQ]) == ["CLU-04"]
    link = Linked.of(eu)
    link.of_scheduler = told  # type: ignore[assignment]
    assert run_on(monkeypatch, link, [HQ]) == ["CLU-04"]


def test_a_worker_that_is_spoken_to_without_tls_is_not_even_greeted(monkeypatch: pytest.MonkeyPatch) -> None:
    link = Linked.of(worker("eu", site_eu=1), replace(worker("eu", site_eu=1), address="ws://eu:2"))
    assert run_on(monkeypatch, link, [HQ]) == ["CLU-04"]
    assert link.said == []


def test_secrets_do_not_travel(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_on(monkeypatch, Linked.of(worker("eu", site_eu=1)), [HQ], ClusterUse()) == ["CLU-03"]


def test_a_pbx_whose_lock_lies_with_the_operator_is_not_pushed_from_anywhere_else() -> None:
    pbx = replace(LAB, kind="threecx")
    inventory = Inventory(pbxs=(pbx,), folder=".", cluster=RESOLVED_THERE)
    assert codes(muster.unfit(inventory, [pbx])) == ["CLU-05"]
    assert codes(muster.unfit(inventory, [LAB])) == []
