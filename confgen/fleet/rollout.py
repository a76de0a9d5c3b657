"""A change carried through a fleet: canary first, then batch after batch, within a budget of failures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import TYPE_CHECKING

from confgen.fleet.batches import batches
from confgen.fleet.crew import Keep, wholly
from confgen.fleet.job import Job, Task
from confgen.fleet.jobs import Jobs
from confgen.model.result import STANDS, SUCCEEDED, Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from confgen.fleet.crew import Crew
    from confgen.model.terms import Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolled:
    """How far a rollout came; results are in the order of the jobs."""

    results: tuple[Result, ...]
    put_back: tuple[Result, ...]
    was_stopped: bool  # by failures, or by somebody


def roll_out(crew: Crew, jobs: Sequence[Job], strategy: Strategy, keep: Keep = wholly) -> Rolled:
    """Do the jobs until all are done, too many have failed, or somebody asks to stop; `keep` what of each result.

    NoSuchPbx, before anything is done, where a canary is none of the PBXs.
    """
    numbers = {job.pbx.name: number for number, job in enumerate(jobs)}

    def job_of(name: str) -> Job:
        return jobs[numbers[name]]

    in_batches = batches(tuple(numbers), strategy)
    crew.journal.begin(jobs, strategy)
    budget = _Budget()
    results: dict[str, Result] = {}
    for most, batch in zip(chain([0], repeat(strategy.max_failures)), in_batches, strict=False):
        budget.most = most  # a canary has none: what would it be for?
        for result in crew.each(Jobs(batch, job_of), lambda: not budget.is_spent):
            results[result.pbx] = keep(result)
            budget.count(result)
        if budget.is_spent:
            break
    in_order = tuple(results[name] for name in numbers if name in results)
    put_back: tuple[Result, ...] = ()
    if budget.is_spent and strategy.undo_succeeded:
        put_back = _put_back(crew, job_of, in_order, keep)
    return Rolled(results=in_order, put_back=put_back, was_stopped=budget.is_spent or crew.site.stop.is_asked)


@dataclass
class _Budget:
    """How many PBXs have failed, and may."""

    most: int = 0
    failed: int = 0
    needs_a_human: bool = False

    @property
    def is_spent(self) -> bool:
        """Where a human must act, nobody wants a second PBX like it."""
        return self.needs_a_human or self.failed > self.most

    def count(self, result: Result) -> None:
        self.failed += result.outcome not in SUCCEEDED
        self.needs_a_human |= result.outcome is Outcome.UNDO_FAILED


def _put_back(crew: Crew, job_of: Callable[[str], Job], results: Sequence[Result], keep: Keep) -> tuple[Result, ...]:
    """Take those that this run has changed back to what they had before."""
    changed = [result for result in results if result.outcome in STANDS]
    backwards = Jobs(changed, lambda result: _backwards(job_of(result.pbx), result))
    done = {result.pbx: keep(result) for result in crew.each(backwards)}
    return tuple(done.get(result.pbx) or _not_put_back(result.pbx) for result in changed)


def _backwards(job: Job, result: Result) -> Job:
    generation = None if result.plan is None else result.plan.generation or 0
    return replace(job, task=Task.ROLLBACK, generation=generation, puts_back=True)


def _not_put_back(name: str) -> Result:
    return Result(pbx=name, outcome=Outcome.INTERRUPTED, message="interrupted; not put back", is_put_back=True)
