"""Jobs done side by side, and their results as they come."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.fleet.job import Job, Site
from confgen.fleet.places import Places
from confgen.model.result import Outcome, Result
from confgen.push import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType
    from typing import Self

    from confgen.fleet.journal import Journal

HANDS = 32  # PBXs that are worked on at once, at most
_LOOK = 0.2  # seconds; a signal that comes in the instant before a wait is heard when the wait ends

Perform = Callable[[Job, Site], Result]


class _Waiting:
    """Jobs in their order, of which those of a site with room come before others that have to wait."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._by_site: dict[str | None, deque[tuple[int, Job]]] = {}
        for number, job in enumerate(jobs):
            self._by_site.setdefault(job.pbx.site, deque()).append((number, job))

    @property
    def is_empty(self) -> bool:
        return not self._by_site

    def next(self, has_room: Callable[[str | None], bool]) -> Job | None:
        """The first one that can be begun; None where none can."""
        first = {site: jobs[0][0] for site, jobs in self._by_site.items() if has_room(site)}
        if not first:
            return None
        site = min(first, key=first.__getitem__)
        jobs = self._by_site[site]
        _, job = jobs.popleft()
        if not jobs:
            del self._by_site[site]
        return job


class Crew:
    """Does jobs on any executor; without one on threads, and a single job in the thread that asks.

    The journal and the watcher hear of each beginning and each end from the thread that asks.
    """

    def __init__(self, perform: Perform, site: Site, journal: Journal, executor: Executor | None = None) -> None:
        """Threads end with the `with` block; an executor that was given is its giver's to end."""
        self.site = site
        self.journal = journal
        self._perform = perform
        self._given = executor
        self.places = executor if isinstance(executor, Places) else None
        self._threads: ThreadPoolExecutor | None = None

    def each(
        self, jobs: Sequence[Job], may_begin: Callable[[], bool] = lambda: True, *, hands: int = HANDS
    ) -> Iterator[Result]:
        """The results as they come; no job is begun once somebody asked to stop, or `may_begin` says no.

        What the caller does with a result comes before the next job is begun.
        """
        if len(jobs) == 1 and self._given is None:
            if self._may(may_begin):
                self._begin(jobs[0])
                yield self._ended(jobs[0], lambda: self._perform(jobs[0], self.site))
            return
        waiting = _Waiting(jobs)
        under_way: dict[Future[Result], Job] = {}
        try:
            while True:
                while self._has_hands(len(under_way), hands) and self._may(may_begin):
                    job = waiting.next(self._has_room)
                    if job is None:
                        break
                    self._begin(job)
                    under_way[self._submitted(job)] = job
                if not under_way:
                    if waiting.is_empty or not self._may(may_begin):
                        return
                    time.sleep(_LOOK)  # until a worker comes, or is given up
                done, _ = wait(under_way, timeout=_LOOK, return_when=FIRST_COMPLETED)
                for future in done:
                    yield self._ended(under_way.pop(future), future.result)
        except BaseException:
            self.site.stop.ask()  # those under way are waited for where the threads end
            raise

    def _may(self, may_begin: Callable[[], bool]) -> bool:
        is_lost = self.places is not None and self.places.is_lost
        return not self.site.stop.is_asked and not is_lost and may_begin()

    def _has_hands(self, under_way: int, hands: int) -> bool:
        """Places know by themselves how much they can do at once."""
        return self.places is not None or under_way < hands

    def _has_room(self, site: str | None) -> bool:
        return self.places is None or self.places.has_room(site)

    def _executor(self) -> Executor:
        if self._given is not None:
            return self._given
        if self._threads is None:
            self._threads = ThreadPoolExecutor(max_workers=HANDS, thread_name_prefix="pbx")
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
