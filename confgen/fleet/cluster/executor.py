"""Work on a cluster: each piece on one worker of its site, and what changes a PBX never a second time."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from confgen.fleet.cluster.errand import UNCERTAIN, Errand, nobody
from confgen.fleet.cluster.errors import ClusterUnreachable, NoWorker, WorkerLost
from confgen.fleet.cluster.newcomers import Newcomers
from confgen.fleet.cluster.parcel import NotBegun, Parcel, Ticket
from confgen.fleet.cluster.roster import Roster
from confgen.fleet.places import Places
from confgen.model.cluster import SITE_RESOURCE
from confgen.push import Stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from confgen.fleet.cluster.link import Link
    from confgen.fleet.cluster.parcel import Greeting, Perform, Work
    from confgen.fleet.cluster.roster import Worker
    from confgen.fleet.job import Site

P = ParamSpec("P")
T = TypeVar("T")

_LOOK = 0.5  # seconds between two looks at who is there
_PATIENCE = 30.0  # seconds for a worker of a site to come back, as a nanny has it do
_SILENCE = 60.0  # seconds of a scheduler that does not answer, though the link to it holds
_GOOD = 60.0  # seconds in which a ticket is begun, or never
_REPEATS = 2  # of what is safe to repeat


class Cluster(Places):
    """Fulfils Executor. Whatever happens to a worker or to the scheduler is the answer of what was under way there."""

    def __init__(
        self,
        link: Link,
        run: str,
        workers: Collection[Worker],
        *,
        sites: Collection[str | None],
        folder: str,
        welcome: Callable[[Greeting], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """With workers that have greeted; one of the `sites` that comes later is used where its greeting is `welcome`.

        `folder` is the inventory's on a worker.
        """
        self._link = link
        self._run = run
        self._folder = folder
        self._clock = clock
        self._lock = threading.RLock()
        self._roster = Roster()
        for worker in workers:
            self._roster.add(worker)
        self._newcomers = Newcomers(link, run, self._roster.addresses, sites=sites, welcome=welcome, clock=clock)
        self._there = self._roster.addresses
        self._heard = clock()  # the scheduler, last
        self._deserted: dict[str | None, float] = {}  # sites without a worker that runs, and since when
        self._resting: dict[str, float] = {}  # workers that are there and do not run, and since when
        self._errands: dict[int, Errand] = {}
        self._numbers = 0
        self._came: SimpleQueue[tuple[Errand, Future[object]]] = SimpleQueue()
        self._site: Site | None = None
        self._is_halted = False
        self._is_over = threading.Event()
        self._is_lost = False
        self._watching = threading.Thread(target=self._watch, daemon=True, name="cluster")

    @property
    def is_lost(self) -> bool:
        return self._is_lost

    def has_room(self, site: str | None) -> bool:
        with self._lock:
            if self._roster.serves(site):
                self._deserted.pop(site, None)
                return self._roster.free(site) is not None
            # Had it none for long, its PBXs are told so.
            return self._clock() - self._deserted.setdefault(site, self._clock()) >= _PATIENCE

    def submit(self, perform: Callable[P, T], /, *args: P.args, **_: P.kwargs) -> Future[T]:
        """Have a worker of the PBX's site do it; NoWorker where none is left."""
        work, site = cast("tuple[Work, Site]", args)
        with self._lock:
            self._site = site
            if self._is_lost:
                raise NoWorker("the scheduler is lost; nothing was begun here")
            self._numbers += 1
            errand = Errand(
                number=self._numbers,
                perform=cast("Perform", perform),
                work=self._as_there(work),
                worker=self._chosen(work.pbx.site),
            )
            errand.answer.set_running_or_notify_cancel()
            self._send(errand)
            return errand.answer

    def step(self, pbx: str, words: str) -> None:
        """A worker told of a step."""
        if self._site is not None:
            self._site.watcher.step(pbx, words)

    def begin(self) -> None:
        """From now on workers that come and go are noticed, and answers taken in."""
        self._watching.start()

    def end(self) -> None:
        """Nobody is told anything any more, and a ticket that comes late begins nothing."""
        self._is_over.set()
        if self._watching.is_alive():
            self._watching.join()
        if not self._is_lost:
            self._link.farewell(self._run, self._newcomers.greeted & self._there)

    def look(self) -> None:
        """What has come back, who has come and who has gone, and whether the operator asked to stop."""
        if self._link.is_lost:
            self._lose_everything()
            return
        try:
            there = self._link.workers()
        except ClusterUnreachable:
            if self._clock() - self._heard >= _SILENCE:
                self._lose_everything()
            return
        self._heard = self._clock()
        self._there = frozenset(there)
        if self._is_asked_to_stop:
            self._halt()
        for address in self._roster.addresses - there.keys():
            self._lose_worker(address)
        self._rest(there)
        for worker in self._newcomers.met(there, self._roster.addresses):
            with self._lock:
                self._roster.add(worker)

    def take_in(self, patience: float) -> None:
        """What comes back within so many seconds."""
        end = self._clock() + patience
        while (left := end - self._clock()) > 0:
            try:
                errand, sent = self._came.get(timeout=left)
            except Empty:
                return
            self._came_back(errand, sent)

    def _watch(self) -> None:
        try:
            while not self._is_over.is_set():
                self.look()
                self.take_in(_LOOK)
        except Exception:  # noqa: BLE001 -- a fault of confgen's own lets nobody wait for answers that are not taken in
            self._lose_everything()

    @property
    def _is_asked_to_stop(self) -> bool:
        return self._site is not None and self._site.stop.is_asked

    def _halt(self) -> None:
        if not self._is_halted:
            self._is_halted = True
            self._link.halt(self._run, self._newcomers.greeted & self._there)
        for errand in self._taken_back(self._roster.addresses):
            errand.answer.set_exception(Stopped("interrupted"))

    def _rest(self, there: Mapping[str, Worker]) -> None:
        """A worker that does not run begins nothing of what it was sent: after a while that is given to another one."""
        with self._lock:
            self._roster.see(there)
            resting = [address for address in self._roster.addresses if not there[address].is_running]
        self._resting = {address: self._resting.get(address, self._clock()) for address in resting}
        for errand in self._taken_back(
            address for address, since in self._resting.items() if self._clock() - since >= _PATIENCE
        ):
            self._place_anew(errand)

    def _taken_back(self, addresses: Iterable[str]) -> list[Errand]:
        """What those workers were sent and have not begun; now they never will."""
        back = []
        for address in addresses:
            with self._lock:
                asked = [
                    errand
                    for errand in self._errands.values()
                    if errand.worker.address == address and not errand.is_begun
                ]
            if not asked:
                continue
            told = self._link.withdraw(self._run, asked[0].worker, [errand.number for errand in asked])
            if told is None:
                continue
            for errand in asked:
                errand.is_begun = errand.number not in told
                if not errand.is_begun and self._settle(errand):
                    back.append(errand)
        return back

    def _as_there(self, work: Work) -> Work:
        inventory = replace(work.inventory, folder=self._folder)
        return replace(work, inventory=inventory)  # type: ignore[type-var] # each is a dataclass

    def _chosen(self, site: str | None) -> Worker:
        worker = self._roster.free(site) or self._roster.any_of(site)
        if worker is None:
            raise nobody(site)
        return worker

    def _send(self, errand: Errand) -> None:
        until = self._clock() + errand.worker.ahead + _GOOD
        ticket = Ticket(run=self._run, worker=errand.worker.token, number=errand.number, until=until)
        resource = None if errand.site is None else SITE_RESOURCE + errand.site
        parcel = Parcel.packed(errand.perform, errand.work)
        sent = errand.sent = self._link.submit(ticket, parcel, errand.worker, resource, priority=errand.delays)
        self._errands[errand.number] = errand
        self._roster.take(errand.worker, errand.site)
        # The link's own thread waits for nobody.
        sent.add_done_callback(lambda sent: self._came.put((errand, sent)))

    def _came_back(self, errand: Errand, sent: Future[object]) -> None:
        with self._lock:
            if errand.number not in self._errands:
                return  # it was lost before, and is told of
            if sent.cancelled() and self._link.is_lost:
                self._lose_everything()
            elif sent.cancelled():  # by somebody else of the cluster
                self._lose(errand, f"what {errand.at} was given was dropped by the cluster")
            elif (error := sent.exception()) is not None:
                self._fail(errand, error)
            elif not isinstance(told := sent.result(), NotBegun):
                self._settle(errand)
                errand.answer.set_result(told)
            elif told.is_late:
                if self._settle(errand):
                    self._place_anew(errand)
            elif told.token == errand.worker.token:  # Dask lost its answer, and had it done again
                self._lose(errand, f"the answer of {errand.at} was lost")
            else:  # another process at its address
                self._lose_worker(errand.worker.address)

    def _fail(self, errand: Errand, error: BaseException) -> None:
        """Dask itself failed it: its worker died too often, or what was sent cannot be read there."""
        self._settle(errand)
        words = f"{errand.at} could not tell what came of it ({type(error).__name__})"
        errand.answer.set_exception(WorkerLost(words if errand.work.is_repeatable else f"{words}; {UNCERTAIN}"))

    def _settle(self, errand: Errand) -> bool:
        """Nothing more is awaited of it; False where that was so before."""
        with self._lock:
            if self._errands.pop(errand.number, None) is None:
                return False
            self._roster.give_back(errand.worker, errand.site)
        if errand.sent is not None and not self._is_lost:
            errand.sent.cancel()
        return True

    def _lose_worker(self, address: str) -> None:
        with self._lock:
            self._roster.remove(address)
            for errand in [errand for errand in self._errands.values() if errand.worker.address == address]:
                self._lose(errand, f"{errand.at} was lost while this PBX was worked on")

    def _lose_everything(self) -> None:
        with self._lock:
            self._is_lost = True
            for errand in list(self._errands.values()):
                self._lose(errand, "the scheduler was lost while this PBX was worked on")

    def _lose(self, errand: Errand, words: str) -> None:
        """Nothing is heard of it any more: what is safe to repeat is given to another worker, all else is told."""
        with self._lock:
            if not self._settle(errand):
                return
            if not errand.work.is_repeatable:
                errand.answer.set_exception(WorkerLost(f"{words}; {UNCERTAIN}"))
            elif self._is_asked_to_stop:
                errand.answer.set_exception(Stopped("interrupted"))
            elif self._is_lost or errand.repeats == _REPEATS or not self._roster.serves(errand.site):
                errand.answer.set_exception(WorkerLost(words))
            else:
                self._send_again(replace(errand, repeats=errand.repeats + 1))

    def _place_anew(self, errand: Errand) -> None:
        """What nobody has begun, nor will with its old ticket; it does not queue behind everybody else's once more."""
        with self._lock:
            if self._is_asked_to_stop:
                errand.answer.set_exception(Stopped("interrupted"))
            elif not self._roster.serves(errand.site):
                errand.answer.set_exception(nobody(errand.site))
            else:
                self._send_again(replace(errand, delays=errand.delays + 1))

    def _send_again(self, errand: Errand) -> None:
        """With another ticket, for the old one may have been used."""
        self._numbers += 1
        self._send(replace(errand, number=self._numbers, worker=self._chosen(errand.site), is_begun=False))
