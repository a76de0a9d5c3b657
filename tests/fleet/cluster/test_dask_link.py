"""What a client of distributed does is told as it is: no answer is lost, and no link called lost that holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from confgen.fleet.cluster import dask_link
from confgen.fleet.cluster.dask_link import DaskLink
from confgen.fleet.cluster.errors import ClusterUnreachable
from confgen.fleet.cluster.parcel import Parcel, Ticket
from confgen.fleet.cluster.roster import Worker
from tests.fleet.cluster.links import greeting, worker

TICKET = Ticket(run="run", worker="token", number=1, until=60.0)


@dataclass
class DaskFuture:
    """A future of distributed: each time that it is asked, the next of what it has to tell."""

    tells: list[object]
    status: str = "finished"
    is_dropped: bool = False

    async def exception(self) -> None:
        if self.status == "cancelled":
            raise CancelledError

    async def result(self, *, timeout: float) -> object:  # noqa: ASYNC109 -- as distributed has it
        told = self.tells.pop(0) if len(self.tells) > 1 else self.tells[0]
        if isinstance(told, BaseException):
            raise told
        return await asyncio.wait_for(told.wait(), timeout) if isinstance(told, asyncio.Event) else told

    def cancel(self) -> None:
        self.is_dropped = True


@dataclass
class Loop:
    called: list[Any] = field(default_factory=list)

    def add_callback(self, do: Any, *values: Any) -> None:  # noqa: ANN401 -- as tornado has it
        self.called.append((do, values))

    def run(self) -> None:
        for do, values in self.called:
            asyncio.run(do(*values))


@dataclass
class Client:
    """As much of distributed's as is asked."""

    future: DaskFuture = field(default_factory=lambda: DaskFuture([]))
    status: str = "running"
    scheduler_comm: object = field(default_factory=object)
    loop: Loop = field(default_factory=Loop)
    options: dict[str, object] = field(default_factory=dict)
    hanging: tuple[str, ...] = ()  # workers by address
    identity: Mapping[str, object] | Exception = field(default_factory=dict)

    @property
    def scheduler(self) -> SimpleNamespace:
        def identity(**_: object) -> Mapping[str, object]:
            if isinstance(self.identity, Exception):
                raise self.identity
            return self.identity

        return SimpleNamespace(identity=identity)

    def sync(self, ask: Callable[..., object], *, callback_timeout: float | None = None, **named: object) -> object:
        if asyncio.iscoroutinefunction(ask):
            return asyncio.run(ask())
        assert callback_timeout is not None, "nobody is waited for for ever"
        return ask(**named)

    async def run(self, _do: object, run: str, *, workers: Sequence[str], on_error: str) -> Mapping[str, object]:
        (address,) = workers
        if address in self.hanging:
            await asyncio.Event().wait()
        return {address: greeting(f"{run} {on_error}")}

    def submit(self, _perform: object, *_values: object, **options: object) -> DaskFuture:
        if self.status == "closed":
            raise RuntimeError(self.status)
        self.options = options
        return self.future


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_link, "_FETCHES", (0.0, 0.0))
    monkeypatch.setattr(dask_link, "_FETCH", 0.01)


def sent(client: Client) -> Future[object]:
    answer = DaskLink(client).submit(TICKET, Parcel(b""), worker("one"), "site-eu", priority=1)
    client.loop.run()
    return answer


def test_work_is_for_one_worker_and_its_key_tells_nothing() -> None:
    client = Client(DaskFuture(["done"]))
    assert sent(client).result(timeout=0) == "done"
    assert client.options == {
        "workers": ["tls://one:1"],
        "resources": {"site-eu": 1},
        "pure": False,
        "retries": 0,
        "priority": 1,
    }


def test_an_answer_that_could_not_be_fetched_is_fetched_again() -> None:
    assert sent(Client(DaskFuture([OSError("cut"), OSError("cut"), "done"]))).result(timeout=0) == "done"


def test_an_answer_that_cannot_be_fetched_at_all_is_an_error_and_nobody_waits_for_it_for_ever() -> None:
    answer = sent(Client(DaskFuture([OSError("cut")])))
    with pytest.raises(OSError, match="cut"):
        answer.result(timeout=0)


def test_an_error_of_the_work_is_told_at_once() -> None:
    work = DaskFuture([OSError("of the work"), "never asked for"], status="error")
    with pytest.raises(OSError, match="of the work"):
        sent(Client(work)).result(timeout=0)


def test_an_answer_that_is_fetched_without_an_end_is_an_error() -> None:
    """As from a worker that reaches the scheduler, and is not reached by it any more."""
    assert isinstance(sent(Client(DaskFuture([asyncio.Event()]))).exception(timeout=0), TimeoutError)


@pytest.mark.parametrize("status", ["cancelled", "finished"], ids=["before it is done", "while it is fetched"])
def test_what_dask_drops_is_cancelled(status: str) -> None:
    assert sent(Client(DaskFuture([asyncio.CancelledError()], status=status))).cancelled()


def test_what_is_given_up_here_is_forgotten_there_and_its_late_answer_harms_nobody() -> None:
    client = Client(DaskFuture(["late"]))
    answer = DaskLink(client).submit(TICKET, Parcel(b""), worker("one"), None, priority=0)
    answer.cancel()
    assert client.future.is_dropped
    client.loop.run()
    assert answer.cancelled()


def test_a_client_that_has_closed_takes_nothing_and_says_so() -> None:
    assert sent(Client(DaskFuture(["never"]), status="closed")).cancelled()


def test_a_link_is_lost_when_it_breaks_and_stays_so_when_dask_connects_anew() -> None:
    client = Client(DaskFuture([]))
    told = DaskLink(client)
    was_lost = [told.is_lost]
    for client.status, client.scheduler_comm in (("connecting", None), ("running", object())):
        was_lost.append(told.is_lost)
    assert was_lost == [False, True, True]


def test_a_worker_that_hangs_keeps_nobody_from_greeting_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_link, "_ANSWER", 0.02)
    told = DaskLink(Client(hanging=("tls://b:1",))).greet("run", ["tls://a:1", "tls://b:1"])
    assert told == {"tls://a:1": greeting("run return"), "tls://b:1": "it did not answer in time"}


@pytest.mark.parametrize("error", [TimeoutError(), OSError("cut"), AttributeError("None has no identity")])
def test_a_scheduler_that_does_not_say_who_is_there_is_unreachable(error: Exception) -> None:
    with pytest.raises(ClusterUnreachable, match="does not answer"):
        DaskLink(Client(identity=error)).workers()


def test_who_is_there_is_what_the_scheduler_itself_says_within_a_time() -> None:
    about = {"nthreads": 4, "resources": {"site-eu": 4.0}, "status": "paused"}
    told = DaskLink(Client(identity={"workers": {"tls://a:1": about}})).workers()
    assert told == {"tls://a:1": Worker(address="tls://a:1", threads=4, resources={"site-eu": 4.0}, is_running=False)}
