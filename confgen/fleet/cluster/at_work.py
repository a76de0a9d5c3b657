"""What a worker does: it greets, begins each ticket once, tells steps, and stops when it is told to."""

from __future__ import annotations

import secrets
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from confgen import __version__
from confgen.fleet.cluster.parcel import Greeting, NotBegun, Parcel, Ticket
from confgen.fleet.connections import Connections
from confgen.fleet.job import Silent, Site
from confgen.fleet.stop import Stop
from confgen.remote.ssh import Dialler
from confgen.secrets.resolution import Resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

STEPS = "confgen-steps"  # the topic of events
_MOST = 64  # runs of which one need not be at work


@dataclass
class _Run:
    """One run of an operator, as this process knows it."""

    token: str
    dialler: Dialler = field(default_factory=Dialler)  # what this user has for SSH is read once
    begun: set[int] = field(default_factory=set)  # tickets that were used
    withdrawn: set[int] = field(default_factory=set)  # tickets that never will be
    stops: set[Stop] = field(default_factory=set)  # of what is under way
    is_stopped: bool = False
    resolver: Resolver = field(init=False)

    def __post_init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Hold no secret any more."""
        self.resolver = Resolver(is_stopped=lambda: self.is_stopped)


_runs: dict[str, _Run] = {}
_lock = threading.Lock()


def greet(run: str, dask_worker: Any) -> Greeting:  # noqa: ANN401 -- distributed has no types for it
    """Ready for this run, in this process."""
    with _lock:
        if run not in _runs:
            _runs[run] = _Run(secrets.token_hex(8))
        known = _runs[run]
        idle = [name for name, other in _runs.items() if not other.stops and other is not known]
        for name in idle[: max(0, len(_runs) - _MOST)]:  # of operators that went without a farewell
            del _runs[name]
    addresses = (dask_worker.scheduler.address, *_listened(dask_worker))
    return Greeting(
        token=known.token,
        version=__version__,
        demands_encryption=bool(dask_worker.security.require_encryption),
        addresses=addresses,
        now=time.monotonic(),
    )


def greet_as_scheduler(dask_scheduler: Any) -> Greeting:  # noqa: ANN401 -- likewise
    """The scheduler hands work on, and opens none of it."""
    return Greeting(
        token="",
        version=__version__,
        demands_encryption=bool(dask_scheduler.security.require_encryption),
        addresses=_listened(dask_scheduler),
        now=time.monotonic(),
    )


def _listened(party: Any) -> tuple[str, ...]:  # noqa: ANN401 -- likewise
    return tuple(listener.contact_address for listener in party.listeners)


def carry_out(ticket: Ticket, parcel: Parcel) -> object:
    """Do it, where the ticket is for this process, is good still and was never used; else NotBegun.

    Dask gives what it thinks lost to whoever comes next: a push that may have begun must not begin again.
    """
    stop = Stop()
    with _lock:
        run = _runs.get(ticket.run)
        if run is None or run.token != ticket.worker or ticket.number in run.begun:
            return NotBegun(token="" if run is None else run.token)
        if ticket.number in run.withdrawn or time.monotonic() > ticket.until:
            run.withdrawn.add(ticket.number)
            return NotBegun(token=run.token, is_late=True)
        _runs[ticket.run] = _runs.pop(ticket.run)  # whoever has done nothing for longest comes first
        run.begun.add(ticket.number)
        run.stops.add(stop)
        if run.is_stopped:
            stop.ask()
        resolver = run.resolver  # what several PBXs refer to is asked for once, and so many at once
    try:
        perform, work = parcel.opened()
        with ExitStack() as stack:
            connections = Connections(work.inventory, stack, dial=run.dialler.connect, kept=0, resolver=resolver)
            return perform(work, Site(connections, Telling(ticket.run), stop, resolver))
    finally:
        with _lock:
            run.stops.discard(stop)
            if not run.stops:
                run.forget()


def halt(run: str) -> None:
    """The operator asked to stop: what is under way ends before its switch, or at its own end."""
    with _lock:
        known = _runs.get(run)
        if known is not None:
            known.is_stopped = True
            for stop in known.stops:
                stop.ask()


def withdraw(run: str, token: str, numbers: Collection[int]) -> tuple[int, ...]:
    """Those of the tickets that were not begun, and now never will be; none where they were for another process."""
    with _lock:
        known = _runs.get(run)
        if known is None or known.token != token:
            return ()
        never = tuple(number for number in numbers if number not in known.begun)
        known.withdrawn.update(never)
        return never


def farewell(run: str) -> None:
    """The run is over; a ticket of it that comes late begins nothing."""
    with _lock:
        _runs.pop(run, None)


class Telling(Silent):
    """Tells the operator of each step; that nobody hears it stops nothing."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._tell = _teller()

    def step(self, pbx: str, words: str, /) -> None:
        self._tell(STEPS, [self._run, pbx, words])


def _teller() -> Callable[[str, list[str]], None]:
    from distributed import get_worker  # noqa: PLC0415 -- it is there where workers are

    tell: Callable[[str, list[str]], None] = get_worker().log_event
    return tell
