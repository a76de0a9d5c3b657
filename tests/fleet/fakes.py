"""Work on PBXs that a test makes up: no host, no file."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Self

from confgen.fleet import Journal, Stop, Watcher
from confgen.fleet.connections import Connections
from confgen.fleet.crew import Crew
from confgen.fleet.job import Job, Site, Task
from confgen.model.inventory import Inventory, Pbx
from confgen.model.result import Outcome, Result
from confgen.model.terms import Terms
from tests.fleet.test_legs import Listening
from tests.model.pbxs import a_pbx
from tests.report.samples import plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor


def jobs_of(*names: str, terms: Terms | None = None) -> list[Job]:
    return [job_of(a_pbx(name), terms=terms) for name in names]


def job_of(pbx: Pbx, *, task: Task = Task.PUSH, terms: Terms | None = None, generation: int | None = None) -> Job:
    inventory = Inventory(pbxs=(pbx,), folder=".")
    return Job(task=task, inventory=inventory, terms=terms or Terms(), generation=generation)


class Weighed(Job):
    """A job of which can be told whether anybody holds it."""

    made: ClassVar[list[weakref.ref[Job]]] = []

    def __new__(cls, **_parts: object) -> Self:
        job = super().__new__(cls)
        cls.made.append(weakref.ref(job))
        return job

    @classmethod
    def held(cls) -> int:
        return sum(job() is not None for job in cls.made)


def names_of(number: int) -> list[str]:
    return [f"pbx-{index:04}" for index in range(number)]


@dataclass(kw_only=True)
class Hands:
    """Does each job as its outcome says, and remembers what was done in which order."""

    outcomes: Mapping[str, Outcome] = field(default_factory=dict)  # proven where none is said
    generation: int | None = 4  # before
    backwards: Mapping[str, Outcome] = field(default_factory=dict)  # of the way back
    before: Callable[[Job, Site], None] = lambda _job, _site: None  # the end of a job
    begun: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    put_back: list[tuple[str, int | None]] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    watcher: Watcher = field(default_factory=Listening)
    stop: Stop = field(default_factory=Stop)
    journal: Journal = field(default_factory=Journal.nowhere)
    executor: Executor | None = None

    @contextmanager
    def crew(self) -> Iterator[Crew]:
        with ExitStack() as stack:
            site = Site(Connections(Inventory(pbxs=(), folder="."), stack), self.watcher, self.stop)
            yield stack.enter_context(Crew(self.perform, site, self.journal, self.executor))

    def perform(self, job: Job, site: Site) -> Result:
        name = job.pbx.name
        self.begun.append(name)
        self.threads.add(threading.current_thread().name)
        self.before(job, site)
        self.done.append(name)
        if job.task is Task.ROLLBACK:
            self.put_back.append((name, job.generation))
            return Result(pbx=name, outcome=self.backwards.get(name, Outcome.PROVEN), message="back")
        outcome = self.outcomes.get(name, Outcome.PROVEN)
        return Result(pbx=name, outcome=outcome, message="done", plan=plan(generation=self.generation), generation=5)


def told(results: Sequence[Result]) -> dict[str, str]:
    return {result.pbx: result.outcome.value for result in results}
