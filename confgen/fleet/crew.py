"""Jobs done side by side, and their results as they come."""

from __future__ import annotations

import queue
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from confgen.fleet.job import Job, Site
from confgen.fleet.places import Places
from confgen.model.result import Outcome, Result
from confgen.model.terms import PARALLEL
from confgen.push import Stopped, said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from types import TracebackType
    from typing import Self

    from confgen.fleet.journal import Journal

_LOOK = 0.2  # seconds; a signal that comes in the instant before a wait is heard when the wait ends
_SLOW = 3.0  # seconds after which whoever only looks takes longer than a PBX that answers
_WITH_SLOW = 4  # times as many may be under way where most of them are slow

Perform = Callable[[Job, Site], Result]
Keep = Callable[[Result], Result]  # what of a result is kept, once the watcher and the journal were told


def wholly(result: Result) -> Result:
    """Keep all of it."""
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many jobs may be under way at once.

    Beyond `hands`, up to `most`, only in the place of such as have been under way for longer than `_SLOW`: hosts that
    do not answer keep no others waiting.
    """

    hands: int
    most: int

    @classmethod
    def strict(cls, hands: int) -> Self:
        """Never more, however long they take: what changes PBXs, or listens to them in real time."""
        return cls(hands=hands, most=hands)

    @classmethod
    def for_looking(cls, hands: int) -> Self:
        """Of jobs that only look, which a PBX that answers has done with in a moment."""
        return cls(hands=hands, most=hands * _WITH_SLOW)

    def has_place(self, begun: Collection[float], now: float) -> bool:
        """Whether another job may begin beside those that began at these moments."""
        if len(begun) < self.hands:
            return True
        return len(begun) < self.most and sum(now - moment < _SLOW for moment in begun) < self.hands


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """Jobs that were begun, when, and those of them that have ended."""

    jobs: dict[Future[Result], Job] = field(default_factory=dict)
    begun: dict[Future[Result], float] = field(default_factory=dict)  # moments on the monotonic clock
    ended: queue.SimpleQueue[Future[Result]] = field(default_factory=queue.SimpleQueue)

    def add(self, job: Job, future: Future[Result]) -> None:
        self.jobs[future] = job
        self.begun[future] = time.monotonic()
        future.add_done_callback(self.ended.put)

    @property
    def has_ended(self) -> bool:
        """Whether one has, of which nobody was told."""
        return not self.ended.empty()

    def next(self) -> tuple[Job, Future[Result]] | None:
        """One that has ended; None where none has for a moment."""
        try:
            future = self.ended.get(timeout=_LOOK)
        except queue.Empty:
            return None
        del self.begun[future]
        return self.jobs.pop(future), future


class _Waiting:
    """Jobs in their order, of which those of a site with room come before others that have to wait.

    Each is asked for when it is begun, for it may be made only then.
    """

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._by_site: dict[str | None, deque[int]] = {}
        for number, job in enumerate(jobs):
            self._by_site.setdefault(job.pbx.site, deque()).append(number)

    @property
    def is_empty(self) -> bool:
        return not self._by_site

    def next(self, has_room: Callable[[str | None], bool]) -> Job | None:
        """The first one that can be begun; None where none can."""
        first = {site: numbers[0] for site, numbers in self._by_site.items() if has_room(site)}
        if not first:
            return None
        site = min(first, key=first.__getitem__)
        numbers = self._by_site[site]
        number = numbers.popleft()
        if not numbers:
            del self._by_site[site]
        return self._jobs[number]


class Crew:
    """Does jobs on any executor; without one on threads, and a single job in the thread that asks.

    The journal and the watcher hear of each beginning and each end from the thread that asks.
    """

    def __init__(
        self,
        perform: Perform,
        site: Site,
        journal: Journal,
        executor: Executor | None = None,
        *,
        hands: int = PARALLEL,
    ) -> None:
        """Threads end with the `with` block; an executor that was given is its giver's to end."""
        self.hands = hands
        self.site = site
        self.journal = journal
        self._perform = perform
        self._given = executor
        self.places = executor if isinstance(executor, Places) else None
        self._threads: ThreadPoolExecutor | None = None

    def each(
        self, jobs: Sequence[Job], may_begin: Callable[[], bool] = lambda: True, *, room: Room | None = None
    ) -> Iterator[Result]:
        """The results as they come; no job is begun once somebody asked to stop, or `may_begin` says no.

        What the caller does with the results that there are comes before the next job is begun, so that none is begun
        after failures that nobody has counted, and results never pile up.
        """
        room = room or Room.strict(self.hands)
        if len(jobs) == 1 and self._given is None:
            if self._may(may_begin):
                single = jobs[0]
                self._begin(single)
                yield self._ended(single, lambda: self._perform(single, self.site))
            return
        waiting = _Waiting(jobs)
        under_way = _UnderWay()
        try:
            while True:
                while not under_way.has_ended and self._has_place(room, under_way) and self._may(may_begin):
                    job = waiting.next(self._has_room)
                    if job is None:
                        break
                    self._begin(job)
                    under_way.add(job, self._submitted(job))
                if not under_way.jobs and (waiting.is_empty or not self._may(may_begin)):
                    return
                if (ended := under_way.next()) is not None:
                    job, future = ended
                    yield self._ended(job, future.result)
        except BaseException:
            self.site.stop.ask()  # those under way are waited for where the threads end
            raise

    def _has_place(self, room: Room, under_way: _UnderWay) -> bool:
        """Places know by themselves how much they can do at once."""
        return self.places is not None or room.has_place(under_way.begun.values(), time.monotonic())

    def _may(self, may_begin: Callable[[], bool]) -> bool:
        is_lost = self.places is not None and self.places.is_lost
        return not self.site.stop.is_asked and not is_lost and may_begin()

    def _has_room(self, site: str | None) -> bool:
        return self.places is None or self.places.has_room(site)

    def _executor(self) -> Executor:
        if self._given is not None:
            return self._given
        if self._threads is None:
            self._threads = ThreadPoolExecutor(max_workers=self.hands * _WITH_SLOW, thread_name_prefix="pbx")
        return self._threads

    def _submitted(self, job: Job) -> Future[Result]:
        """What an executor does not take any more, for its workers are gone, ends at once."""
        try:
            return self._executor().submit(self._perform, job, self.site)
        except Exception as error:  # noqa: BLE001 -- the results of the others are not lost with it
            refused: Future[Result] = Future()
            refused.set_exception(error)
            return refused

    def _begin(self, job: Job) -> None:
        self.journal.begun(job.pbx.name)
        self.site.watcher.begin(job.pbx.name)

    def _ended(self, job: Job, result_of: Callable[[], Result]) -> Result:
        try:
            result = result_of()
        except Stopped:  # before anybody began it
            result = Result(pbx=job.pbx.name, outcome=Outcome.INTERRUPTED, message="interrupted; nothing was changed")
        except Exception as error:  # noqa: BLE001 -- of the executor: a worker that died, a value that did not pickle
            result = Result(pbx=job.pbx.name, outcome=Outcome.UNKNOWN, message=said(error))
        result = replace(result, is_put_back=job.puts_back)
        self.journal.ended(result)
        self.site.watcher.end(result)
        return result

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._threads is not None:
            self._threads.shutdown()
