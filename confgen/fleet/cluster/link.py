"""What the executor asks of a cluster; the only module that knows distributed."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
import warnings
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol

from confgen.fleet.cluster import at_work
from confgen.fleet.cluster.errors import ClusterUnreachable, ClusterUnusable
from confgen.fleet.cluster.parcel import Greeting
from confgen.fleet.cluster.roster import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from confgen.fleet.cluster.parcel import Parcel, Ticket
    from confgen.model.cluster import SchedulerAccess

_ADDRESS = re.compile(r"tls://\S+:\d{1,5}")
_CONNECTING = 15.0  # seconds
_ANSWER = 10.0  # seconds for a scheduler, or for a worker through it
_PARTING = 5.0  # seconds; a worker that hangs keeps nobody from leaving
_FETCHES = (0.5, 2.0, 5.0)  # seconds before an answer is fetched again
_EXTRA = "install it here, on the scheduler and on the workers: pip install 'pbx-confgen[cluster]'"


class Link(Protocol):
    """A connection to a scheduler."""

    @property
    def is_lost(self) -> bool:
        """Whether it broke; what was under way through it is not heard of any more."""

    def workers(self) -> Mapping[str, Worker]:
        """Those that are there now, by address; ClusterUnreachable where the scheduler does not say."""

    def scheduler(self) -> Greeting | str:
        """What the scheduler says of itself, or why it cannot."""

    def greet(self, run: str, addresses: Collection[str]) -> Mapping[str, Greeting | str]:
        """What each of the workers says of itself, or why it cannot."""

    def submit(self, ticket: Ticket, parcel: Parcel, worker: Worker, resource: str | None) -> Future[object]:
        """Have it carried out by this worker and by no other; cancelled where the link is lost."""

    def withdraw(self, run: str, worker: Worker, numbers: Collection[int]) -> Collection[int] | None:
        """Those of the worker's tickets that were not begun, and now never will be; None where it does not say."""

    def halt(self, run: str) -> None:
        """Tell every worker that the operator asked to stop."""

    def farewell(self, run: str) -> None:
        """Tell every worker that the run is over."""


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
            raise ClusterUnreachable(f"the scheduler does not answer: {_reason(error)}") from error
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
            return _reason(error)
        return _greeting(told)

    def greet(self, run: str, addresses: Collection[str]) -> Mapping[str, Greeting | str]:
        """Each by itself, so that one that hangs keeps nobody waiting for the others."""

        async def ask(address: str) -> Greeting | str:
            try:
                told = await asyncio.wait_for(
                    self._client.run(at_work.greet, run, workers=[address], on_error="return"), _ANSWER
                )
            except Exception as error:  # noqa: BLE001 -- likewise
                return _reason(error)
            return _greeting(told.get(address))

        async def ask_all() -> list[Greeting | str]:
            return await asyncio.gather(*(ask(address) for address in addresses))

        return dict(zip(addresses, self._client.sync(ask_all), strict=True))

    def submit(self, ticket: Ticket, parcel: Parcel, worker: Worker, resource: str | None) -> Future[object]:
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

    def halt(self, run: str) -> None:
        _within(_PARTING, lambda: self._client.run(at_work.halt, run, on_error="ignore"))

    def farewell(self, run: str) -> None:
        _within(_PARTING, lambda: self._client.run(at_work.farewell, run, on_error="ignore"))

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
    """The answer, which lies with the worker until it is taken; so it is fetched again where that failed."""
    for pause in _FETCHES:
        try:
            return await sent
        except OSError:
            if sent.status != "finished":  # it is the work's own
                raise
            await asyncio.sleep(pause)
    return await sent


def _drop(sent: Any) -> None:  # noqa: ANN401 -- likewise
    """So that the scheduler forgets it."""
    if sent.status != "cancelled":
        with suppress(Exception):  # of a client that closes
            sent.cancel()


@contextmanager
def connected(access: SchedulerAccess) -> Iterator[DaskLink]:
    """A link to the scheduler over TLS, with a certificate at either end.

    ClusterUnusable where what was said of it does not do, ClusterUnreachable where nobody answers.
    """
    if _ADDRESS.fullmatch(access.address) is None:
        raise ClusterUnusable(f"{access.address!r} is no scheduler over TLS; write tls://HOST:PORT")
    try:
        from distributed import Client  # noqa: PLC0415 -- an extra, and slow to load
    except ImportError as error:
        raise ClusterUnusable(f"--scheduler needs the library `distributed`; {_EXTRA}") from error
    _silence()
    security = _security(access)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions, of which ours is asked for
            client = Client(
                access.address, security=security, timeout=_CONNECTING, set_as_default=False, name="confgen"
            )
    except (OSError, ValueError, TypeError) as error:
        raise ClusterUnreachable(
            f"no scheduler at {access.address}: {_reason(error)}; does it run, and are its certificate and yours of "
            "the same authority?"
        ) from error
    try:
        yield DaskLink(client)
    finally:
        _within(_PARTING, client.close)


def _silence() -> None:
    """What concerns the run is told by us, in fewer words than a library's traceback."""
    for name in ("asyncio", "tornado.application", "tornado.general", *logging.root.manager.loggerDict):
        if name.partition(".")[0] in {"asyncio", "distributed", "tornado"}:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _security(access: SchedulerAccess) -> Any:  # noqa: ANN401 -- distributed has no types for it
    """With what distributed's configuration says besides; encryption is demanded whatever it says."""
    from distributed import Security  # noqa: PLC0415 -- likewise

    told = {
        "tls_ca_file": access.authority, "tls_client_cert": access.certificate, "tls_client_key": access.key
    }  # fmt: skip
    given = {name: str(path) for name, path in told.items() if path is not None}
    try:
        security = Security(require_encryption=True, **given)
        missing = [
            words
            for words, path in (
                ("the authority (--cluster-ca, or distributed.comm.tls.ca-file)", security.tls_ca_file),
                ("a certificate (--cluster-cert, or distributed.comm.tls.client.cert)", security.tls_client_cert),
            )
            if not path
        ]
        if missing:
            raise ClusterUnusable(f"the cluster is reached over TLS only, and needs {' and '.join(missing)}")
        security.get_connection_args("client")
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise ClusterUnusable(
            f"the certificates for the cluster cannot be used: {_reason(error)}; give PEM files"
        ) from error
    return security


def _greeting(told: object) -> Greeting | str:
    return told if isinstance(told, Greeting) else _reason(told)


def _reason(error: object) -> str:
    match error:
        case ImportError() | AttributeError():
            return "it has no confgen, or another version of it"
        case TimeoutError():
            return "it did not answer in time"
        case OSError():
            return error.strerror or str(error) or type(error).__name__
        case BaseException():
            return type(error).__name__
        case _:
            return "it did not answer"


def _within(seconds: float, do: Callable[[], object]) -> None:
    """What goes wrong while parting changes nothing."""

    def attempt() -> None:
        try:
            do()
        except Exception:  # noqa: BLE001 -- of the link, which is being given up
            return

    thread = threading.Thread(target=attempt, daemon=True, name="cluster")
    thread.start()
    thread.join(seconds)
