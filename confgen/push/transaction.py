"""Observe, plan, lock, stage, try, switch, activate, prove, then confirm or undo."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confgen.model.check import Check
from confgen.model.document import Action, Impact
from confgen.model.driver import PushRefused
from confgen.model.finding import Finding, Severity
from confgen.model.host import HostError
from confgen.model.result import Outcome, Result
from confgen.model.words import count
from confgen.plan import carried_changes, moved
from confgen.push.complaints import complaints, unknown_complaints
from confgen.push.heartbeat import heard_of
from confgen.push.hold import hold
from confgen.push.idle import wait_for_idle
from confgen.push.limit import UNLIMITED, TimeLimit
from confgen.push.looking import look
from confgen.push.proof import is_proof, outcome_of_proof, proven_words
from confgen.push.refusals import chosen, drift, refusals, without_undo
from confgen.push.undoing import Undoing
from confgen.push.undone import undone_by_host
from confgen.push.words import Halt, Step, go_on, said, stoppable

if TYPE_CHECKING:
    from collections.abc import Collection

    from confgen.model.document import Document
    from confgen.model.driver import Driver, Observation, Staged
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Lease
    from confgen.model.saved import SavedPbx
    from confgen.model.terms import Terms

Prove = Callable[["Pbx", "Collection[Document]"], tuple[Check, ...]]
Stage = Callable[["Lease"], "Staged"]


def push(  # noqa: PLR0913 -- each with a name
    host: Host,
    pbx: Pbx,
    driver: Driver,
    documents: Collection[Document],
    *,
    terms: Terms,
    prove: Prove,
    step: Step,
    halt: Halt = go_on,
    limit: TimeLimit = UNLIMITED,
    agreed: SavedPbx | None = None,
) -> Result:
    """Make the PBX as the documents say and prove it; what cannot be proven is undone.

    Where a saved plan was `agreed` to, nothing else than that is carried out.
    HostError and TimeLimitReached before the switch leave the PBX as it was and are the caller's to tell; after it, the
    undo tells. `halt` is asked before the switch only, and `limit` holds before it only: what was switched goes on to
    its end.
    """
    started = time.monotonic()
    before, early = stoppable(step, halt), limit.on(host)
    before("looking")
    observation, planned = look(early, pbx, driver, documents)
    stale = moved(agreed, pbx, documents, observation, planned)
    findings = (*observation.findings, *stale, *refusals(pbx, planned, terms))
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Result(
            pbx=pbx.name, outcome=Outcome.REFUSED, message="refused", plan=planned, findings=findings,
            generation=observation.generation, seconds=time.monotonic() - started,
        )  # fmt: skip
    if not planned.changes and observation.is_confirmed:
        return Result(
            pbx=pbx.name, outcome=Outcome.UNCHANGED, message="unchanged", plan=planned,
            findings=findings, generation=observation.generation, seconds=time.monotonic() - started,
        )  # fmt: skip

    def stage(lease: Lease) -> Staged:
        before(f"staging {count(len(planned.changes), 'changed document')}")
        return driver.stage(early, pbx, observation, documents, planned.changes, lease)

    transaction = _Transaction(host, pbx, driver, terms, prove, step, before, limit)
    result = transaction.carry_out(observation, stage, lambda _: documents)
    return replace(result, plan=planned, findings=(*findings, *result.findings), seconds=time.monotonic() - started)


def rollback(  # noqa: PLR0913 -- likewise
    host: Host,
    pbx: Pbx,
    driver: Driver,
    generation: int | None,
    *,
    tools: Collection[Document] = (),
    terms: Terms,
    prove: Prove,
    step: Step,
    halt: Halt = go_on,
    limit: TimeLimit = UNLIMITED,
) -> Result:
    """The same transaction, backwards: to a kept generation, or to the one before the active one.

    `tools` are documents that are for the push alone, and that no generation keeps.
    """
    started = time.monotonic()
    before, early = stoppable(step, halt), limit.on(host)
    before("looking")
    observation = driver.observe(early, pbx)
    told = undone_by_host(pbx, driver, observation.undone)
    target = chosen(pbx, observation, generation)
    drifted = sorted(key for key, observed in observation.documents.items() if observed.is_drifted)
    refused = [finding for finding in observation.findings if finding.severity is Severity.ERROR]
    if not refused:
        refused += [target] if isinstance(target, Finding) else drift(pbx, drifted, terms)
    if isinstance(target, Finding) or refused:
        return Result(
            pbx=pbx.name, outcome=Outcome.REFUSED, message="refused", findings=(*told, *refused),
            generation=observation.generation, seconds=time.monotonic() - started,
        )  # fmt: skip
    # Generation 0 is active only where giving back what was there did not come to its end.
    if target == observation.generation != 0 and observation.is_confirmed:
        return Result(
            pbx=pbx.name, outcome=Outcome.UNCHANGED, message=f"generation {target} is the active one",
            findings=told, generation=target, seconds=time.monotonic() - started,
        )  # fmt: skip

    def stage(lease: Lease) -> Staged:
        staged = driver.stage_kept(early, pbx, observation, target, lease)
        # What goes is what confgen made since, and a push of the inventory makes it again.
        stays = [change for change in carried_changes(driver, staged) if change.action is not Action.REMOVE]
        lost = without_undo(pbx, driver.irreversible(stays), terms)
        if lost:
            raise PushRefused(*lost)
        return replace(staged, carried=(*staged.carried, *tools))

    def carries(staged: Staged) -> bool:
        return any(not document.is_for_push for document in staged.carried)

    transaction = _Transaction(host, pbx, driver, terms, prove, step, before, limit)
    result = transaction.carry_out(
        observation,
        stage,
        lambda staged: staged.carried if carries(staged) else (*driver.kept(early, pbx, staged.generation), *tools),
    )
    return replace(result, findings=(*told, *result.findings), seconds=time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class _Transaction:
    """From a plan that was agreed to, to a generation that is confirmed, or undone."""

    host: Host
    pbx: Pbx
    driver: Driver
    terms: Terms
    prove: Prove
    step: Step
    before: Step  # the switch: here it can still be stopped
    limit: TimeLimit  # likewise

    def carry_out(
        self, observation: Observation, stage: Stage, documents_of: Callable[[Staged], Collection[Document]]
    ) -> Result:
        undo_after, patience = self.terms.undo_after, self.terms.wait_idle or 0
        with hold(self.host, self.pbx, self.driver, observation, undo_after, self.limit) as (lease, noticed):
            staged = stage(lease)
            try:
                documents = documents_of(staged)
                tried = self._tried(staged)
                limit = self.limit.and_waiting(patience)
                wait_for_idle(limit.on(self.host), self.pbx, self.driver, staged, self.terms, self.before)
                limit.need_some_left(self.host)
                self.before(f"switching to generation {staged.generation}")
            except BaseException:
                self._discard(staged)
                raise
            result = self._switched(staged, documents)
        return replace(result, findings=(*noticed, *tried, *result.findings))

    def _tried(self, staged: Staged) -> tuple[Finding, ...]:
        self.before("trying it apart")
        findings = tuple(self.driver.preflight(self.limit.on(self.host), self.pbx, staged, self.before))
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        if errors:
            raise PushRefused(*errors)
        return findings

    def _switched(self, staged: Staged, documents: Collection[Document]) -> Result:
        undoing = Undoing.begun(self.host, self.pbx, self.driver, self.step, staged)
        try:
            self.driver.switch(self.host, self.pbx, staged)
        except PushRefused:  # the host's script refuses only before it flips
            self._discard(staged)
            raise
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 -- whatever it was, the PBX comes first
            return undoing.after(error, f"interrupted while switching: {said(error)}")
        try:
            return self._activate_and_prove(undoing, staged, documents)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 -- a fault of confgen's own is undone as well
            return undoing.after(error, said(error))

    def _activate_and_prove(self, undoing: Undoing, staged: Staged, documents: Collection[Document]) -> Result:
        self.step("activating" if staged.impact is Impact.NONE else f"activating ({staged.impact.words})")
        activation = self.driver.activate(self.host, self.pbx, staged)
        if activation.complaints:
            return undoing.undo(complaints(self.pbx, activation), "the PBX complained about its new configuration")
        checks: tuple[Check, ...] = ()
        if staged.generation != 0:
            with heard_of(self.host, self.pbx, self.driver, staged.lease):
                checks = self.prove(self.driver.as_kept(self.pbx, documents), documents)
            if not is_proof(checks):
                return undoing.undo((), "not proven", checks)
        self.step("confirming")
        undone = self.driver.confirm(self.host, self.pbx, staged)
        if undone is not None:
            return undoing.by_host(undone, checks)
        is_proven = staged.generation != 0
        return Result(
            pbx=self.pbx.name,
            outcome=outcome_of_proof(checks) if is_proven else Outcome.RESTORED,
            message=f"generation {staged.generation} is {proven_words(checks, self.pbx.verification.levels)}"
            if is_proven
            else "as it was before confgen; not proven",
            checks=checks,
            findings=unknown_complaints(self.pbx, activation),
            generation=staged.generation,
        )

    def _discard(self, staged: Staged) -> None:
        """What cannot be discarded the next push removes; why this one ends is not hidden by it."""
        if staged.generation > staged.previous:
            with suppress(HostError, PushRefused):
                self.driver.discard(self.host, self.pbx, staged)
