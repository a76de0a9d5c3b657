"""Plan, push, verify and roll back: each PBX in turn, over one connection, then the legs between them."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from confgen.drivers import driver_of
from confgen.fleet import preparation
from confgen.fleet.connections import Connections
from confgen.fleet.legs import prove_legs
from confgen.model.check import Check, Verdict
from confgen.model.driver import OnHost, PushRefused
from confgen.model.finding import Severity
from confgen.model.host import HostError
from confgen.model.result import Outcome, Result
from confgen.plan import origin, origin_moved, savable
from confgen.push import look, proven_words
from confgen.push import push as push_one
from confgen.push import rollback as rollback_one
from confgen.verify import prove

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from confgen.fleet.watcher import Watcher
    from confgen.model.document import Document
    from confgen.model.host import Host
    from confgen.model.inventory import Inventory, Pbx
    from confgen.model.saved import SavedPlan
    from confgen.model.terms import Strategy, Terms

Step = Callable[[str], None]

# After these, what went wrong on one PBX is not repeated on the next.
_STOPPING = frozenset({Outcome.INTERRUPTED, Outcome.LEFT, Outcome.UNDONE, Outcome.UNDO_FAILED})


def plan(inventory: Inventory, pbxs: Sequence[Pbx], watcher: Watcher) -> tuple[Result, ...]:
    """What a push would change on each PBX; nothing is changed."""
    with ExitStack() as stack:
        connections = Connections(inventory, stack)
        return _each(pbxs, watcher, lambda pbx, step: _plan_one(inventory, connections, pbx, step))


def push(
    inventory: Inventory,
    pbxs: Sequence[Pbx],
    watcher: Watcher,
    *,
    terms: Terms,
    strategy: Strategy,
    agreed: SavedPlan | None = None,
) -> tuple[Result, ...]:
    """Make each PBX as the inventory says and prove it; then prove the legs of those that were changed.

    Where a saved plan was `agreed` to, nothing else than that is carried out; every PBX must be in it.
    """
    with ExitStack() as stack:
        connections = Connections(inventory, stack)
        results = _each(pbxs, watcher, lambda pbx, step: _push_one(inventory, connections, pbx, terms, step, agreed))
        changed = {result.pbx for result in results if result.outcome is Outcome.PROVEN}
        return (*results, *_legs(connections, pbxs, results, watcher, changed))


def verify(inventory: Inventory, pbxs: Sequence[Pbx], watcher: Watcher) -> tuple[Result, ...]:
    """Prove each PBX as it is, then the legs between them; nothing is changed."""
    with ExitStack() as stack:
        connections = Connections(inventory, stack)
        results = _each(pbxs, watcher, lambda pbx, step: _verify_one(inventory, connections, pbx, step))
        return (*results, *_legs(connections, pbxs, results, watcher, {pbx.name for pbx in pbxs}))


def rollback(
    inventory: Inventory,
    pbxs: Sequence[Pbx],
    watcher: Watcher,
    *,
    generation: int | None,
    terms: Terms,
    strategy: Strategy,
) -> tuple[Result, ...]:
    """Take each PBX back to a kept generation and prove it; to the one before the active one where none is named."""
    with ExitStack() as stack:
        connections = Connections(inventory, stack)
        return _each(pbxs, watcher, lambda pbx, step: _rollback_one(connections, pbx, generation, terms, step))


def _each(pbxs: Sequence[Pbx], watcher: Watcher, work: Callable[[Pbx, Step], Result]) -> tuple[Result, ...]:
    """One PBX after the other, up to one whose push went wrong."""
    results: list[Result] = []
    for pbx in pbxs:
        started = time.monotonic()
        watcher.begin(pbx.name)
        try:
            result = work(pbx, partial(watcher.step, pbx.name))
        except KeyboardInterrupt:
            result = Result(pbx=pbx.name, outcome=Outcome.INTERRUPTED, message="interrupted; nothing was changed")
        except HostError as error:
            result = Result(pbx=pbx.name, outcome=Outcome.UNKNOWN, message=str(error))
        except PushRefused as error:
            result = Result(pbx=pbx.name, outcome=Outcome.REFUSED, message="refused", findings=error.findings)
        result = replace(result, seconds=time.monotonic() - started)
        results.append(result)
        watcher.end(result)
        if result.outcome in _STOPPING:
            break
    return tuple(results)


def _legs(
    connections: Connections,
    pbxs: Sequence[Pbx],
    results: Sequence[Result],
    watcher: Watcher,
    concerning: Collection[str],
) -> tuple[Result, ...]:
    if any(result.outcome in _STOPPING for result in results):
        return ()
    return prove_legs(connections, pbxs, results, watcher, concerning=concerning)


def _on_host(connections: Connections, pbx: Pbx) -> OnHost:
    """Files of the PBX's own host to which the inventory refers; a PBX without such files is not reached yet."""
    if not preparation.has_files_on_host(pbx):
        return OnHost(files={})
    return driver_of(pbx.kind).on_host(connections.to(pbx), pbx)


def _plan_one(inventory: Inventory, connections: Connections, pbx: Pbx, step: Step) -> Result:
    prepared = preparation.prepare(inventory, pbx, _on_host(connections, pbx))
    if prepared.errors:
        return Result(pbx=pbx.name, outcome=Outcome.REFUSED, message="refused", findings=prepared.findings)
    step("looking")
    observation, planned = look(connections.to(pbx), pbx, driver_of(pbx.kind), prepared.documents)
    findings = (*prepared.findings, *observation.findings)
    if any(finding.severity is Severity.ERROR for finding in observation.findings):
        outcome, message = Outcome.REFUSED, "refused"
    elif planned.changes:
        outcome, message = Outcome.PLANNED, f"{len(planned.changes)} documents would change"
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


def _push_one(
    inventory: Inventory, connections: Connections, pbx: Pbx, terms: Terms, step: Step, agreed: SavedPlan | None
) -> Result:
    stale = () if agreed is None else origin_moved(agreed, origin(inventory), pbx)
    if stale:
        return Result(pbx=pbx.name, outcome=Outcome.REFUSED, message="refused", findings=stale)
    prepared = preparation.prepare(inventory, pbx, _on_host(connections, pbx))
    if prepared.errors:
        return Result(pbx=pbx.name, outcome=Outcome.REFUSED, message="refused", findings=prepared.findings)
    host, driver = connections.to(pbx), driver_of(pbx.kind)
    result = push_one(
        host, pbx, driver, prepared.documents, terms=terms, prove=_prover(host, pbx, step), step=step,
        agreed=None if agreed is None else agreed.of(pbx.name),
    )  # fmt: skip
    return replace(result, findings=(*prepared.findings, *result.findings))


def _verify_one(inventory: Inventory, connections: Connections, pbx: Pbx, step: Step) -> Result:
    prepared = preparation.prepare_for_proof(inventory, pbx, _on_host(connections, pbx))
    if not prepared.documents:
        return Result(pbx=pbx.name, outcome=Outcome.REFUSED, message="refused", findings=prepared.findings)
    checks = _prover(connections.to(pbx), pbx, step)(pbx, prepared.documents)
    verdicts = {check.verdict for check in checks}
    if Verdict.FAILED in verdicts:
        outcome, message = Outcome.NOT_PROVEN, "not proven"
    elif Verdict.UNKNOWN in verdicts:
        outcome, message = Outcome.UNKNOWN, "some of it could not be told"
    else:
        outcome, message = Outcome.PROVEN, proven_words(checks)
    return Result(pbx=pbx.name, outcome=outcome, message=message, checks=checks, findings=prepared.findings)


def _rollback_one(connections: Connections, pbx: Pbx, generation: int | None, terms: Terms, step: Step) -> Result:
    host = connections.to(pbx)
    return rollback_one(
        host, pbx, driver_of(pbx.kind), generation, terms=terms, prove=_prover(host, pbx, step), step=step
    )


def _prover(host: Host, pbx: Pbx, step: Step) -> Callable[[Pbx, Collection[Document]], tuple[Check, ...]]:
    driver = driver_of(pbx.kind)
    return lambda as_pushed, documents: prove(host, as_pushed, driver, documents, step)
