"""Observe, plan, stage, switch, activate, prove, then confirm or undo."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confgen.model.check import Check, Verdict
from confgen.model.document import Impact
from confgen.model.driver import PushRefused
from confgen.model.finding import Finding, Severity
from confgen.model.host import HostError
from confgen.model.result import Outcome, Result
from confgen.plan import changed_keys, plan

if TYPE_CHECKING:
    from collections.abc import Collection

    from confgen.model.document import Document
    from confgen.model.driver import Activation, Driver, Observation, Staged
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.result import Plan

Step = Callable[[str], None]  # what is being done now, in words
Prove = Callable[["Pbx", "Collection[Document]"], tuple[Check, ...]]
_UNDO_TRIES = 3
_MOST_UNKNOWN = 3  # lines of a log that nothing can be compared to, of which so many are shown
_NO_PROOF = frozenset({Verdict.FAILED, Verdict.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the operator said yes to."""

    adopt: bool = False  # take over documents that confgen did not write; generation 0 keeps them
    overwrite_drift: bool = False  # write over what was changed by hand since confgen wrote it


def look(host: Host, pbx: Pbx, driver: Driver, documents: Collection[Document]) -> tuple[Observation, Plan]:
    """What the PBX has, and what it would take to make it as the documents say."""
    observation = driver.observe(host, pbx)
    keys = changed_keys(documents, driver.absent(pbx), observation)
    present = [key for key in keys if key in observation.documents and not observation.documents[key].is_released]
    texts = driver.read(host, pbx, present) if present else {}
    foreign = {key: text for key, text in texts.items() if not observation.documents[key].is_ours}
    findings = (*observation.findings, *driver.judge(host, pbx, documents), *driver.put_away(pbx, foreign))
    return replace(observation, findings=findings), plan(driver, pbx, documents, observation, texts)


def push(
    host: Host,
    pbx: Pbx,
    driver: Driver,
    documents: Collection[Document],
    *,
    consent: Consent,
    prove: Prove,
    step: Step,
) -> Result:
    """Make the PBX as the documents say and prove it; what cannot be proven is undone.

    HostError before the switch leaves the PBX as it was and is the caller's to tell; after it, the undo tells.
    """
    started = time.monotonic()
    step("looking")
    observation, planned = look(host, pbx, driver, documents)
    findings = (*observation.findings, *_refusals(pbx, planned, consent))
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
    step(f"staging {len(planned.changes)} changed documents")
    staged = driver.stage(host, pbx, observation, documents, planned.changes)
    transaction = _Transaction(host, pbx, driver, prove, step)
    result = transaction.carry_out(staged, documents)
    return replace(result, plan=planned, findings=(*findings, *result.findings), seconds=time.monotonic() - started)


def rollback(host: Host, pbx: Pbx, driver: Driver, generation: int | None, *, prove: Prove, step: Step) -> Result:
    """The same transaction, backwards: to a kept generation, or to the one before the active one."""
    started = time.monotonic()
    step("looking")
    observation = driver.observe(host, pbx)
    chosen = _chosen(pbx, observation, generation)
    if isinstance(chosen, Finding):
        return Result(
            pbx=pbx.name, outcome=Outcome.REFUSED, message="refused", findings=(chosen,),
            generation=observation.generation, seconds=time.monotonic() - started,
        )  # fmt: skip
    # Generation 0 is active only where giving back what was there did not come to its end.
    if chosen == observation.generation != 0 and observation.is_confirmed:
        return Result(
            pbx=pbx.name, outcome=Outcome.UNCHANGED, message=f"generation {chosen} is the active one",
            generation=chosen, seconds=time.monotonic() - started,
        )  # fmt: skip
    staged = driver.stage_kept(host, pbx, observation, chosen)
    documents = driver.kept(host, pbx, chosen)
    transaction = _Transaction(host, pbx, driver, prove, step)
    result = transaction.carry_out(staged, documents)
    return replace(result, seconds=time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class _Transaction:
    """From a staged generation to one that is confirmed, or undone."""

    host: Host
    pbx: Pbx
    driver: Driver
    prove: Prove
    step: Step

    def carry_out(self, staged: Staged, documents: Collection[Document]) -> Result:
        try:
            self.step(f"switching to generation {staged.generation}")
            self.driver.switch(self.host, self.pbx, staged)
        except PushRefused:  # the host's script refuses only before it flips
            self._discard(staged)
            raise
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 -- whatever it was, the PBX comes first
            return self._undo(staged, (), f"interrupted while switching: {_said(error)}")
        try:
            return self._activate_and_prove(staged, documents)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 -- a fault of confgen's own is undone as well
            return self._undo(staged, (), _said(error))

    def _activate_and_prove(self, staged: Staged, documents: Collection[Document]) -> Result:
        self.step(f"activating ({staged.impact.words})")
        activation = self.driver.activate(self.host, self.pbx, staged)
        if activation.complaints:
            return self._undo(
                staged, _complained(self.pbx, activation), "the PBX complained about its new configuration"
            )
        checks: tuple[Check, ...] = ()
        if staged.generation != 0:
            self.step("proving")
            checks = self.prove(self.driver.as_kept(self.pbx, documents), documents)
            if not _is_proof(checks):
                return self._undo(staged, (), "not proven", checks)
        self.step("confirming")
        self.driver.confirm(self.host, self.pbx, staged)
        is_proven = staged.generation != 0
        return Result(
            pbx=self.pbx.name,
            outcome=Outcome.PROVEN if is_proven else Outcome.RESTORED,
            message=f"generation {staged.generation} is {proven_words(checks)}"
            if is_proven
            else "as it was before confgen; not proven",
            checks=checks,
            findings=_unknown_complaints(self.pbx, activation),
            generation=staged.generation,
        )

    def _undo(
        self, staged: Staged, findings: tuple[Finding, ...], reason: str, checks: tuple[Check, ...] = ()
    ) -> Result:
        failures: tuple[str, ...] = ()
        for _ in range(_UNDO_TRIES):
            with suppress(KeyboardInterrupt):  # an undo is not interrupted
                self.step(f"undoing: {reason}")
            try:
                failures = self._faults_after_undo(staged, self.driver.undo(self.host, self.pbx, staged))
            except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 -- it is tried again, and told at the end
                failures = (_said(error),)
            if not failures:
                break
            staged = replace(staged, impact=Impact.PROCESS_RESTART)  # what a reload did not mend, a restart may
        if failures:
            return Result(
                pbx=self.pbx.name,
                outcome=Outcome.UNDO_FAILED,
                message=f"{reason}; and the undo to generation {staged.previous} failed: {'; '.join(failures)}",
                checks=checks,
                findings=(*findings, self._call_for_help(staged)),
                generation=staged.generation,
            )
        return Result(
            pbx=self.pbx.name,
            outcome=Outcome.UNDONE,
            message=f"{reason}; back on generation {staged.previous}",
            checks=checks,
            findings=findings,
            generation=staged.previous,
        )

    def _call_for_help(self, staged: Staged) -> Finding:
        return Finding(
            code="PUSH-17",
            message="the PBX is neither proven nor certainly as before",
            mend=self.driver.by_hand(staged),
            place=self.pbx.place,
            pbx=self.pbx.name,
        )

    def _faults_after_undo(self, staged: Staged, activation: Activation) -> tuple[str, ...]:
        """What says that the PBX is not as it was before the switch."""
        observation = self.driver.observe(self.host, self.pbx)
        faults = [*activation.complaints, *(finding.message for finding in observation.findings)]
        if (observation.generation or 0) != staged.previous:
            faults.append(f"generation {observation.generation} is active")
        if staged.previous != 0:
            documents = self.driver.kept(self.host, self.pbx, staged.previous)
            pbx = self.driver.as_kept(self.pbx, documents)
            state = self.driver.state(self.host, pbx, documents)
            faults.extend(check.message for check in state if check.verdict in _NO_PROOF)
        return tuple(faults)

    def _discard(self, staged: Staged) -> None:
        if staged.generation > staged.previous:
            self.driver.discard(self.host, self.pbx, staged)


def _refusals(pbx: Pbx, planned: Plan, consent: Consent) -> tuple[Finding, ...]:
    findings = []
    foreign = [change.key for change in planned.changes if change.is_foreign]
    drifted = [change.key for change in planned.changes if change.is_drifted]
    if foreign and not consent.adopt:
        findings.append(
            Finding(
                code="PUSH-13",
                message=f"confgen did not write {_listed(foreign)}",
                mend="`confgen push --adopt` takes them over and keeps them as generation 0; `confgen plan` shows them",
                place=pbx.place,
                pbx=pbx.name,
            )
        )
    if drifted and not consent.overwrite_drift:
        findings.append(
            Finding(
                code="PUSH-14",
                message=f"changed by hand since confgen wrote it: {_listed(drifted)}",
                mend="bring the change into the inventory, or `confgen push --overwrite-drift` to write over it",
                place=pbx.place,
                pbx=pbx.name,
            )
        )
    return tuple(findings)


def _chosen(pbx: Pbx, observation: Observation, generation: int | None) -> int | Finding:
    active = observation.generation
    kept = observation.generations
    mend = f"kept are {', '.join(str(known) for known in kept)}" if kept else "confgen has not pushed to this PBX"
    if active is None:
        message = "there is no generation to go back from"
    elif generation is None:
        earlier = [known for known in kept if known < active]
        if earlier:
            return earlier[-1]
        message = f"there is no generation before {active}"
    elif generation in kept:
        return generation
    else:
        message = f"generation {generation} is not kept"
    return Finding(code="PUSH-03", message=message, mend=mend, place=pbx.place, pbx=pbx.name)


def _complained(pbx: Pbx, activation: Activation) -> tuple[Finding, ...]:
    return tuple(
        Finding(code="PUSH-15", message=line, mend="the Asterisk log tells the rest", pbx=pbx.name)
        for line in activation.complaints
    )


def _unknown_complaints(pbx: Pbx, activation: Activation) -> tuple[Finding, ...]:
    """The first lines, and how many more there are: a configuration with many modules logs dozens."""
    shown = list(activation.unknown[:_MOST_UNKNOWN])
    if len(activation.unknown) > _MOST_UNKNOWN:
        shown[-1] += f" (and {len(activation.unknown) - _MOST_UNKNOWN} more lines, in Asterisk's log)"
    return tuple(
        Finding(
            code="PUSH-16",
            message=f"logged at activation, with nothing to compare it to: {line}",
            mend="read it; it undoes nothing",
            severity=Severity.NOTE,
            pbx=pbx.name,
        )
        for line in shown
    )


def _listed(keys: Sequence[str], most: int = 4) -> str:
    shown = ", ".join(keys[:most])
    return shown if len(keys) <= most else f"{shown} and {len(keys) - most} more"


def _is_proof(checks: Collection[Check]) -> bool:
    """Something passed, and nothing else but what cannot be asked yet."""
    verdicts = {check.verdict for check in checks}
    return Verdict.PASSED in verdicts and not verdicts & _NO_PROOF


def proven_words(checks: Collection[Check]) -> str:
    """`proven`, and what of the user's own nobody has looked at: that is not proven."""
    left_out = sorted({check.subject for check in checks if check.verdict is Verdict.NOT_CHECKED})
    return f"proven; not checked: {', '.join(left_out)}" if left_out else "proven"


def _said(error: BaseException) -> str:
    match error:
        case KeyboardInterrupt():
            return "interrupted"
        case HostError() | PushRefused():
            return str(error)
        case _:  # its own words are for nobody: they may hold a secret
            place = traceback.extract_tb(error.__traceback__)[-1]
            return f"confgen failed with {type(error).__name__} in {place.name}, line {place.lineno}: please report it"
