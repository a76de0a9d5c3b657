"""Plan, push, verify, examine and roll back: each PBX over a connection of its own, then the legs between them."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from confgen.drivers import driver_of
from confgen.fleet import preparation
from confgen.fleet.connections import KEPT, Connections
from confgen.fleet.crew import Crew, Keep, Room, wholly
from confgen.fleet.examining import examine_one
from confgen.fleet.job import Job, Site, Task
from confgen.fleet.jobs import Jobs
from confgen.fleet.journal import Journal
from confgen.fleet.legs import prove_legs
from confgen.fleet.references import all_references, shared_references
from confgen.fleet.rollout import Rolled, roll_out
from confgen.fleet.stop import Stop
from confgen.fleet.verified import verified
from confgen.model.check import Check, Level
from confgen.model.depth import Depth, level_words
from confgen.model.driver import OnHost, PushRefused
from confgen.model.finding import Severity
from confgen.model.host import HostError
from confgen.model.result import STANDS, Outcome, Result
from confgen.model.terms import PARALLEL_LOOKS, Pace, Terms
from confgen.model.words import count
from confgen.plan import origin, origin_moved, savable
from confgen.push import Step, Stopped, TimeLimit, TimeLimitReached, look_closely, said, stoppable, undone_before
from confgen.push import push as push_one
from confgen.push import rollback as rollback_one
from confgen.secrets.resolution import Resolver
from confgen.verify.expectation import DAYS_LEFT
from confgen.verify.prove import prove
from confgen.verify.target import never

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from concurrent.futures import Executor

    from confgen.fleet.preparation import Prepared
    from confgen.fleet.watcher import Watcher
    from confgen.model.document import Document
    from confgen.model.host import Host
    from confgen.model.inventory import Inventory, Pbx
    from confgen.model.saved import SavedPlan
    from confgen.model.terms import Strategy

_Prepare = Callable[["Inventory", "Pbx", OnHost, Resolver], "Prepared"]
# After a switch that came to nothing, or that could not be come to.
_STOPPING = frozenset({Outcome.INTERRUPTED, Outcome.LEFT, Outcome.UNDONE, Outcome.UNDO_FAILED})


def plan(
    inventory: Inventory,
    pbxs: Sequence[Pbx],
    watcher: Watcher,
    *,
    pace: Pace | None = None,
    stop: Stop | None = None,
    keep: Keep = wholly,
    executor: Executor | None = None,
) -> tuple[Result, ...]:
    """What a push would change on each PBX; nothing is changed.

    The watcher is told each result as it comes; what `keep` leaves of it is what is returned, for a plan holds whole
    texts, and thousands of PBXs have thousands of them.
    """
    pace = pace or Pace(parallel=PARALLEL_LOOKS)
    with _crew(inventory, watcher, stop, executor=executor, pace=pace, kept=0) as crew:
        return _all(crew, _jobs(Task.PLAN, inventory, pbxs, pace=pace), Room.for_looking(crew.hands), keep)


def push(  # noqa: PLR0913 -- each with a name
    inventory: Inventory,
    pbxs: Sequence[Pbx],
    watcher: Watcher,
    *,
    terms: Terms,
    strategy: Strategy,
    agreed: SavedPlan | None = None,
    pace: Pace | None = None,
    stop: Stop | None = None,
    journal: Journal | None = None,
    executor: Executor | None = None,
    keep: Keep = wholly,
) -> tuple[Result, ...]:
    """Make each PBX as the inventory says and prove it; then prove the legs of those that were changed.

    Where a saved plan was `agreed` to, nothing else than that is carried out; every PBX must be in it. With a strategy
    that says so, those that succeeded are put back when too many others have failed: a second result of each. Jobs and
    results pickle, so that any executor will do; only threads share connections and tell steps. `keep` is what of a
    PBX's result is returned: its checks with their verdicts, and the generation of its plan, at least.
    """
    jobs = _jobs(Task.PUSH, inventory, pbxs, terms=terms, agreed=agreed, pace=pace)
    with _crew(inventory, watcher, stop, journal, executor, pace=pace) as crew:
        rolled = roll_out(crew, jobs, strategy, keep)
        changed = {result.pbx for result in rolled.results if result.outcome in STANDS}
        return (*rolled.results, *rolled.put_back, *_legs_after(crew, pbxs, rolled, changed))


def verify(
    inventory: Inventory,
    pbxs: Sequence[Pbx],
    watcher: Watcher,
    *,
    depth: Depth | None = None,
    pace: Pace | None = None,
    stop: Stop | None = None,
    keep: Keep = wholly,
    executor: Executor | None = None,
) -> tuple[Result, ...]:
    """Prove each PBX as it is, as far as `depth` goes, then the legs between them; nothing is changed.

    `keep` is what of a PBX's result is returned: its checks with their verdicts at least.
    """
    depth = depth or Depth()
    with _crew(inventory, watcher, stop, executor=executor, pace=pace) as crew:
        jobs = _jobs(Task.VERIFY, inventory, pbxs, depth=depth, pace=pace)
        results = _all(crew, jobs, Room.strict(crew.hands), keep)
        if Level.CALL not in depth.levels:  # where the legs stand
            return results
        begun = {result.pbx for result in results}  # where somebody stopped it, their legs are told as not proven
        legs = prove_legs(
            crew.site, pbxs, results, concerning=begun, costs_are_agreed=True, places=crew.places
        )  # fmt: skip
        return (*results, *legs)


def examine(
    inventory: Inventory,
    pbxs: Sequence[Pbx],
    watcher: Watcher,
    *,
    pace: Pace | None = None,
    stop: Stop | None = None,
) -> tuple[Result, ...]:
    """What is found on each PBX; nothing is changed, and what cannot be asked ends nothing else."""
    pace = pace or Pace(parallel=PARALLEL_LOOKS)
    with _crew(inventory, watcher, stop, pace=pace, kept=0) as crew:
        return _all(crew, _jobs(Task.EXAMINE, inventory, pbxs, pace=pace), Room.for_looking(crew.hands), wholly)


def rollback(  # noqa: PLR0913 -- likewise
    inventory: Inventory,
    pbxs: Sequence[Pbx],
    watcher: Watcher,
    *,
    generation: int | None,
    terms: Terms,
    strategy: Strategy,
    pace: Pace | None = None,
    stop: Stop | None = None,
    journal: Journal | None = None,
    executor: Executor | None = None,
    keep: Keep = wholly,
) -> tuple[Result, ...]:
    """Take each PBX back to a kept generation and prove it; to the one before the active one where none is named."""
    jobs = _jobs(Task.ROLLBACK, inventory, pbxs, terms=terms, generation=generation, pace=pace)
    with _crew(inventory, watcher, stop, journal, executor, pace=pace) as crew:
        return roll_out(crew, jobs, strategy, keep).results


def _jobs(
    task: Task,
    inventory: Inventory,
    pbxs: Sequence[Pbx],
    *,
    terms: Terms | None = None,
    depth: Depth | None = None,
    generation: int | None = None,
    agreed: SavedPlan | None = None,
    pace: Pace | None = None,
) -> Jobs[Pbx]:
    """Terms and depth are one value for all of them."""
    terms, depth, time_limit = terms or Terms(), depth or Depth(), (pace or Pace()).time_limit
    agreed_of = {} if agreed is None else {saved.name: (saved,) for saved in agreed.pbxs}

    def job_of(pbx: Pbx) -> Job:
        return Job(
            task=task,
            inventory=replace(inventory, pbxs=(pbx,)),
            terms=terms,
            depth=depth,
            generation=generation,
            agreed=None if agreed is None else replace(agreed, pbxs=agreed_of.get(pbx.name, agreed.pbxs)),
            time_limit=time_limit,
        )

    return Jobs(pbxs, job_of)


def perform(job: Job, site: Site) -> Result:
    """The work on one PBX; whatever goes wrong is its result."""
    started, limit = time.monotonic(), TimeLimit.of(job.time_limit)
    try:
        result = _performed(job, site, limit)
    except (Stopped, KeyboardInterrupt):
        result = Result(pbx=job.pbx.name, outcome=Outcome.INTERRUPTED, message="interrupted; nothing was changed")
    except (HostError, TimeLimitReached) as error:
        result = Result(pbx=job.pbx.name, outcome=Outcome.UNKNOWN, message=str(error))
    except PushRefused as error:
        result = Result(pbx=job.pbx.name, outcome=Outcome.REFUSED, message="refused", findings=error.findings)
    except Exception as error:  # noqa: BLE001 -- a fault of confgen's own stops no other PBX half way
        result = Result(pbx=job.pbx.name, outcome=Outcome.UNKNOWN, message=said(error))
    finally:
        site.connections.release(job.pbx)
        site.resolver.forget(all_references(job.pbx), folder=Path(job.inventory.folder))
    return replace(result, seconds=time.monotonic() - started)


def _performed(job: Job, site: Site, limit: TimeLimit) -> Result:
    tell = partial(site.watcher.step, job.pbx.name)
    before = stoppable(tell, site.stop.halt)
    if (reason := driver_of(job.pbx.kind).render_only(job.pbx)) is not None:
        raise PushRefused(reason)
    match job.task:
        case Task.PLAN:
            return _plan_one(job, site, before, limit)
        case Task.PUSH:
            return _push_one(job, site, tell, limit)
        case Task.VERIFY:
            return _verify_one(job, site, before, limit)
        case Task.EXAMINE:
            return examine_one(site.connections, job.pbx, before)
        case Task.ROLLBACK:
            return _rollback_one(job, site, tell, limit)


@contextmanager
def _crew(
    inventory: Inventory,
    watcher: Watcher,
    stop: Stop | None,
    journal: Journal | None = None,
    executor: Executor | None = None,
    *,
    pace: Pace | None = None,
    kept: int = KEPT,
) -> Iterator[Crew]:
    """`kept` are connections that stay open for what comes after the jobs."""
    with ExitStack() as stack:
        stop = stop or Stop()
        resolver = Resolver(is_stopped=lambda: stop.is_asked, shared=shared_references(inventory.pbxs))
        site = Site(Connections(inventory, stack, resolver=resolver, kept=kept), watcher, stop, resolver)
        hands = (pace or Pace()).parallel
        yield stack.enter_context(Crew(perform, site, journal or Journal.nowhere(), executor, hands=hands))


def _all(crew: Crew, jobs: Sequence[Job], room: Room, keep: Keep) -> tuple[Result, ...]:
    """What changes nothing is done with all at once; what is kept of the results, in the order of the jobs."""
    results = {result.pbx: keep(result) for result in crew.each(jobs, room=room)}
    return tuple(results[job.pbx.name] for job in jobs if job.pbx.name in results)


def _legs_after(crew: Crew, pbxs: Sequence[Pbx], rolled: Rolled, changed: Collection[str]) -> tuple[Result, ...]:
    """None after a run that was stopped by what went wrong: its legs are not yet, or no more, what they will be.

    After one that somebody stopped they are told as not proven.
    """
    if rolled.was_stopped and any(result.outcome in _STOPPING for result in rolled.results):
        return ()
    if rolled.put_back:
        return ()
    # Nobody who pushes a change of a phone's name means to be charged for calls.
    return prove_legs(
        crew.site, pbxs, rolled.results, concerning=changed, costs_are_agreed=False, peers_may_come_later=True,
        places=crew.places,
    )  # fmt: skip


def _on_host(connections: Connections, pbx: Pbx, limit: TimeLimit) -> OnHost:
    """Files of the PBX's own host to which the inventory refers; a PBX without such files is not reached yet."""
    if not preparation.has_files_on_host(pbx):
        return OnHost(files={})
    return driver_of(pbx.kind).on_host(limit.on(connections.to(pbx)), pbx)


def _prepared(prepare: _Prepare, job: Job, site: Site, limit: TimeLimit) -> Prepared:
    """What a PBX should have; Stopped where somebody asked to stop meanwhile, so that nothing was resolved for long."""
    prepared = prepare(job.inventory, job.pbx, _on_host(site.connections, job.pbx, limit), site.resolver)
    site.stop.halt()
    return prepared


def _plan_one(job: Job, site: Site, step: Step, limit: TimeLimit) -> Result:
    pbx = job.pbx
    prepared = _prepared(preparation.prepare, job, site, limit)
    if prepared.errors:
        return Result(pbx=pbx.name, outcome=Outcome.REFUSED, message="refused", findings=prepared.findings)
    step("looking")
    host = site.connections.to(pbx)
    observation, planned = look_closely(limit.on(host), pbx, driver_of(pbx.kind), prepared.documents)
    limit.need_some_left(host)  # a driver goes on without some of its answers
    findings = (*prepared.findings, *observation.findings)
    if any(finding.severity is Severity.ERROR for finding in observation.findings):
        outcome, message = Outcome.REFUSED, "refused"
    elif planned.changes:
        outcome, message = Outcome.PLANNED, f"{count(len(planned.changes), 'document')} would change"
    elif not observation.is_confirmed:
        outcome, message = Outcome.PLANNED, f"generation {observation.generation} was never confirmed"
    else:
        outcome, message = Outcome.UNCHANGED, "nothing to change"
    return Result(
        pbx=pbx.name,
        outcome=outcome,
        message=message,
        plan=planned,
        findings=findings,
        generation=observation.generation,
        savable=savable(pbx, prepared.documents, observation, planned) if outcome is not Outcome.REFUSED else None,
    )


def _push_one(job: Job, site: Site, step: Step, limit: TimeLimit) -> Result:
    inventory, pbx, agreed = job.inventory, job.pbx, job.agreed
    stale = () if agreed is None else origin_moved(agreed, origin(inventory), pbx)
    if stale:
        return Result(pbx=pbx.name, outcome=Outcome.REFUSED, message="refused", findings=stale)
    prepared = _prepared(preparation.prepare, job, site, limit)
    if prepared.errors:
        return Result(pbx=pbx.name, outcome=Outcome.REFUSED, message="refused", findings=prepared.findings)
    host, driver = site.connections.to(pbx), driver_of(pbx.kind)
    result = push_one(
        host, pbx, driver, prepared.documents, terms=job.terms, prove=_prover(host, pbx, step, 0), step=step,
        halt=site.stop.halt, limit=limit, agreed=None if agreed is None else agreed.of(pbx.name),
    )  # fmt: skip
    return replace(result, findings=(*prepared.findings, *result.findings))


def _verify_one(job: Job, site: Site, step: Step, limit: TimeLimit) -> Result:
    pbx, asked = job.pbx, job.depth.narrowed(job.pbx.verification)
    if not asked.levels:
        return Result(pbx=pbx.name, outcome=Outcome.UNKNOWN, message=_nothing_asked(pbx, job.depth))
    prepared = _prepared(preparation.prepare_for_proof, job, site, limit)
    if not prepared.documents:
        return Result(pbx=pbx.name, outcome=Outcome.REFUSED, message="refused", findings=prepared.findings)
    host = site.connections.to(pbx)
    findings = (*prepared.findings, *undone_before(host, pbx, driver_of(pbx.kind)))
    prove_one = _prover(host, pbx, step, is_called_off=lambda: site.stop.is_asked)
    checks = prove_one(replace(pbx, verification=asked), prepared.documents)
    left_out = pbx.verification.levels - asked.levels
    outcome, message = verified(checks, asked.levels, left_out)
    return Result(pbx=pbx.name, outcome=outcome, message=message, checks=checks, findings=findings)


def _nothing_asked(pbx: Pbx, depth: Depth) -> str:
    return (
        f"nothing is proven: {level_words(depth.levels)} was asked for, and the inventory asks for "
        f"{level_words(pbx.verification.levels) or 'nothing'} here (`verify: {{levels: …}}`)"
    )


def _rollback_one(job: Job, site: Site, step: Step, limit: TimeLimit) -> Result:
    pbx = job.pbx
    tools = preparation.prepare_tools(job.inventory, pbx, site.resolver)
    host, driver = site.connections.to(pbx), driver_of(pbx.kind)
    result = rollback_one(
        host, pbx, driver, job.generation, tools=tools.documents, terms=job.terms, prove=_prover(host, pbx, step, 0),
        step=step, halt=site.stop.halt, limit=limit,
    )  # fmt: skip
    return replace(result, findings=(*tools.findings, *result.findings))


def _prover(
    host: Host,
    pbx: Pbx,
    step: Step,
    days_left: int = DAYS_LEFT,
    is_called_off: Callable[[], bool] = never,
) -> Callable[[Pbx, Collection[Document]], tuple[Check, ...]]:
    """A push, or a rollback, is not undone for a certificate that is good still: `days_left` is 0 there.

    It is not called off either.
    """
    driver = driver_of(pbx.kind)
    return lambda as_pushed, documents: prove(host, as_pushed, driver, documents, step, days_left, is_called_off)
