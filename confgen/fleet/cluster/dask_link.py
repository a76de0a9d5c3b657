"""A link to a cluster, as a client of distributed makes it."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from confgen.fleet.cluster import at_work
from confgen.fleet.cluster.errors import ClusterUnreachable, reason
from confgen.fleet.cluster.parcel import Greeting
from confgen.fleet.cluster.roster import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from confgen.fleet.cluster.parcel import Parcel, Ticket

_ANSWER = 10.0  # seconds for a scheduler, or for a worker through it
_PARTING = 5.0  # seconds; a worker that hangs keeps nobody from leaving
_FETCH = 30.0  # seconds to fetch an answer
_FETCHES = (0.5, 2.0, 5.0)  # seconds before an answer is fetched again


class DaskLink:
    """Fulfils Link with a client of distributed."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 -- distributed has no types for it
        self._client = client
        self._connection = client.scheduler_comm

    @property
    def is_lost(self) -> bool:
        """Also once it was made anew: Dask has dropped then what was under way through the old one."""
        return bool(self._client.status != "running" or self._client.scheduler_comm is not self._connection)

    def workers(self) -> Mapping[str, Worker]:
        # Asked straight: what Client.scheduler_info returns another thread of it may just have emptied of workers.
        try:
            told = self._client.sync(self._client.scheduler.identity, n_workers=-1, callback_timeout=_ANSWER)["workers"]
        except Exception as error:
            raise ClusterUnreachable(f"the scheduler does not answer: {reason(error)}") from error
        return {
            address: Worker(
                address=address,
                threads=about["nthreads"],
                resources=about["resources"],
                is_running=about["status"] == "running",
            )
            for address, about in told.items()
        }

    def scheduler(self) -> Greeting | str:
        try:
            told = self._client.run_on_scheduler(at_work.greet_as_scheduler, callback_timeout=_ANSWER)
        except Exception as error:  # noqa: BLE001 -- whatever keeps it from saying so
            return reason(error)
        return _greeting(told)

    def greet(self, run: str, addresses: Collection[str]) -> Mapping[str, Greeting | str]:
        """Each by itself, so that one that hangs keeps nobody waiting for the others."""

        async def ask(address: str) -> Greeting | str:
            try:
                told = await asyncio.wait_for(
                    self._client.run(at_work.greet, run, workers=[address], on_error="return"), _ANSWER
                )
            except Exception as error:  # noqa: BLE001 -- likewise
                return reason(error)
            return _greeting(told.get(address))

        async def ask_all() -> list[Greeting | str]:
            return await asyncio.gather(*(ask(address) for address in addresses))

        return dict(zip(addresses, self._client.sync(ask_all), strict=True))

    def submit(
        self, ticket: Ticket, parcel: Parcel, worker: Worker, resource: str | None, *, priority: int
    ) -> Future[object]:
        answer: Future[object] = Future()
        try:
            sent = self._client.submit(
                at_work.carry_out,
                ticket,
                parcel,
                workers=[worker.address],
                resources=None if resource is None else {resource: 1},
                pure=False,  # a key is the function's name and chance
                retries=0,
                priority=priority,
            )
        except Exception:  # noqa: BLE001 -- of a client that closes
            answer.cancel()
            return answer
        answer.add_done_callback(lambda answer: _drop(sent) if answer.cancelled() else None)
        self._client.loop.add_callback(_hand_over, sent, answer)
        return answer

    def withdraw(self, run: str, worker: Worker, numbers: Collection[int]) -> Collection[int] | None:
        at = worker.address
        try:
            told = self._client.run(
                *(at_work.withdraw, run, worker.token, tuple(numbers)),
                workers=[at],
                on_error="return",
                callback_timeout=_ANSWER,
            ).get(at)
        except Exception:  # noqa: BLE001 -- of the link, or of a worker that hangs
            return None
        return told if isinstance(told, tuple) else None

    def halt(self, run: str, addresses: Collection[str]) -> None:
        self._tell(at_work.halt, run, addresses)

    def farewell(self, run: str, addresses: Collection[str]) -> None:
        self._tell(at_work.farewell, run, addresses)

    def _tell(self, do: Callable[[str], None], run: str, addresses: Collection[str]) -> None:
        if addresses:  # without any, Dask would ask all
            _within(lambda: self._client.run(do, run, workers=list(addresses), on_error="ignore"))

    def close(self) -> None:
        _within(self._client.close)

    def listen(self, run: str, heard: Callable[[str, str], None]) -> None:
        """Hear of each step: of which PBX, and in which words."""

        def hear(event: tuple[float, list[str]]) -> None:
            of_run, pbx, words = event[1]
            if of_run == run:
                heard(pbx, words)

        self._client.subscribe_topic(at_work.STEPS, hear)


async def _hand_over(sent: Any, answer: Future[object]) -> None:  # noqa: ANN401 -- distributed has no types for it
    """Tell what came of it, whatever that is: a future that nobody completes would be waited for for ever.

    That is why Client.get_executor() is not used: its futures are left alone where an answer cannot be fetched.
    """
    try:
        told = await _fetched(sent)
    except (CancelledError, asyncio.CancelledError):
        if answer.cancel():
            answer.set_running_or_notify_cancel()
    except Exception as error:  # noqa: BLE001 -- of the work, or of fetching
        if answer.set_running_or_notify_cancel():
            answer.set_exception(error)
    else:
        if answer.set_running_or_notify_cancel():
            answer.set_result(told)


async def _fetched(sent: Any) -> object:  # noqa: ANN401 -- likewise
    """The answer, which lies with the worker until it is taken; so it is fetched again where that failed.

    Dask itself asks again and again for what it cannot fetch, and for no end.
    """
    await sent.exception()  # which waits until it is done
    for pause in _FETCHES:
        try:
            return await sent.result(timeout=_FETCH)
        except OSError:
            if sent.status != "finished":  # it is the work's own
                raise
            await asyncio.sleep(pause)
    return await sent.result(timeout=_FETCH)


def _drop(sent: Any) -> None:  # noqa: ANN401 -- likewise
    """So that the scheduler forgets it."""
    if sent.status != "cancelled":
        with suppress(Exception):  # of a client that closes
            sent.cancel()


def _greeting(told: object) -> Greeting | str:
    return told if isinstance(told, Greeting) else reason(told)


def _within(do: Callable[[], object]) -> None:
    """What goes wrong while parting changes nothing."""

    def attempt() -> None:
        try:
            do()
        except Exception:  # noqa: BLE001 -- of the link, which is being given up
            return

    thread = threading.Thread(target=attempt, daemon=True, name="cluster")
    thread.start()
    thread.join(_PARTING)
