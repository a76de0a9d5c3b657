"""The undo: from here over the link, or by the host itself where the link is gone."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confgen.model.document import Impact
from confgen.model.driver import Lock, PushRefused
from confgen.model.finding import Finding, Severity
from confgen.model.host import HostError
from confgen.model.result import Outcome, Result
from confgen.push.proof import NO_PROOF, outcome_of_proof
from confgen.push.words import Step, said

if TYPE_CHECKING:
    from confgen.model.check import Check
    from confgen.model.driver import Activation, Driver, Staged
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Undone

_TRIES = 3
_GRACE = 15.0  # seconds for the host to have undone by itself, past its deadline
_PAUSE = 1.0  # seconds between two tries to reach the host again


@dataclass(frozen=True, slots=True)
class Undoing:
    """Back to where a push began."""

    host: Host
    pbx: Pbx
    driver: Driver
    step: Step
    staged: Staged
    until: float  # on the monotonic clock; after it nobody need reach the host any more: it has undone by itself

    @classmethod
    def begun(cls, host: Host, pbx: Pbx, driver: Driver, step: Step, staged: Staged) -> Undoing:
        """For a switch that begins now."""
        return cls(host, pbx, driver, step, staged, time.monotonic() + staged.lease.undo_after + _GRACE)

    def after(self, error: BaseException, reason: str) -> Result:
        """Undo what an error broke off; where it may be the link's, that is tried anew first."""
        if isinstance(error, HostError) and not self._is_reached():
            return self._left((), reason, ())
        return self.undo((), reason)

    def undo(self, findings: tuple[Finding, ...], reason: str, checks: tuple[Check, ...] = ()) -> Result:
        """Go back and see that the PBX is as it was; where the host cannot be reached, that is left to the host."""
        try:
            return self._tried(findings, reason, checks)
        finally:
            if self.driver.guarantees.lock is Lock.OPERATOR:
                with suppress(HostError, PushRefused):
                    self.driver.unlock(self.host, self.pbx, self.staged.lease)

    def _tried(self, findings: tuple[Finding, ...], reason: str, checks: tuple[Check, ...]) -> Result:
        staged = self.staged
        failures: tuple[str, ...] = ()
        tries = 0
        while tries < _TRIES:
            with suppress(Exception, KeyboardInterrupt):  # an undo is not interrupted, nor does it need to be heard of
                self.step(f"undoing: {reason}")
            try:
                activation = self.driver.undo(self.host, self.pbx, staged)
                if activation.was_confirmed:
                    return self._confirmed(findings, reason, checks)
                if activation.is_overtaken:
                    return self._overtaken(findings, reason, checks)
                if activation.undone is not None:
                    reason = f"{reason}; {_by_itself(activation.undone)}"
                failures = self._faults(activation)
                tries += 1
            except HostError as error:
                failures = (said(error),)
                tries += 1
                if not self._is_reached():
                    return self._left(findings, reason, checks)
            except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 -- it is tried again, and told at the end
                failures = (said(error),)
                tries += 1
            if not failures:
                break
            staged = replace(staged, impact=Impact.PROCESS_RESTART)  # what a reload did not mend, a restart may
        if failures:
            return Result(
                pbx=self.pbx.name,
                outcome=Outcome.UNDO_FAILED,
                message=f"{reason}; and the undo to generation {staged.previous} failed: {'; '.join(failures)}",
                checks=checks,
                findings=(*findings, self._call_for_help()),
                generation=staged.generation,
            )
        return self._undone(findings, f"{reason}; back on generation {staged.previous}", checks)

    def by_host(self, undone: Undone, checks: tuple[Check, ...]) -> Result:
        """The host has undone it while it was being proven: see whether the PBX is as it was."""
        return self.undo((), _by_itself(undone), checks)

    def _confirmed(self, findings: tuple[Finding, ...], reason: str, checks: tuple[Check, ...]) -> Result:
        """The answer to the confirmation was lost, and it had come to pass."""
        return Result(
            pbx=self.pbx.name,
            outcome=outcome_of_proof(checks) if self.staged.generation != 0 else Outcome.RESTORED,
            message=f"generation {self.staged.generation} was proven and confirmed, then {reason}",
            checks=checks,
            findings=findings,
            generation=self.staged.generation,
        )

    def _overtaken(self, findings: tuple[Finding, ...], reason: str, checks: tuple[Check, ...]) -> Result:
        """What another push is at work on is not written to."""
        told = Finding(
            code="PUSH-17",
            message="another push has the PBX, and what this one wrote is neither proven nor written back",
            mend="see what became of that push: what is confirmed is proven; then `confgen plan` tells what differs",
            place=self.pbx.place,
            pbx=self.pbx.name,
        )
        return Result(
            pbx=self.pbx.name,
            outcome=Outcome.UNDO_FAILED,
            message=f"{reason}; and nothing was undone, since another push has the PBX",
            checks=checks,
            findings=(*findings, told),
            generation=self.staged.generation,
        )

    def _undone(self, findings: tuple[Finding, ...], message: str, checks: tuple[Check, ...]) -> Result:
        return Result(
            pbx=self.pbx.name,
            outcome=Outcome.UNDONE,
            message=message,
            checks=checks,
            findings=findings,
            generation=self.staged.previous,
        )

    def _left(self, findings: tuple[Finding, ...], reason: str, checks: tuple[Check, ...]) -> Result:
        return Result(
            pbx=self.pbx.name,
            outcome=Outcome.LEFT,
            message=f"{reason}; the host cannot be reached any more, and goes back to generation "
            f"{self.staged.previous} by itself: `confgen verify` tells when it can be reached again",
            checks=checks,
            findings=findings,
            generation=None,
        )

    def _is_reached(self) -> bool:
        """Whether it is undone from here; one try to reach the host in any case.

        Where nobody else undoes it, it is tried from here even so, for that is what there is to tell of.
        """
        is_left = self.driver.guarantees.undo_without_link
        while True:
            try:
                self.host.again()
            except HostError:
                if time.monotonic() >= self.until:
                    return not is_left
                with suppress(KeyboardInterrupt):
                    time.sleep(_PAUSE)
            except KeyboardInterrupt:
                if is_left:
                    return False  # the host needs nobody for it
            else:
                return True

    def _call_for_help(self) -> Finding:
        return Finding(
            code="PUSH-17",
            message="the PBX is neither proven nor certainly as before",
            mend=self.driver.by_hand(self.staged),
            place=self.pbx.place,
            pbx=self.pbx.name,
        )

    def _faults(self, activation: Activation) -> tuple[str, ...]:
        """What says that the PBX is not as it was before the switch."""
        observation = self.driver.observe(self.host, self.pbx)
        held = observation.held
        if activation.undone is not None and held is not None and held.push != self.staged.lease.push:
            return activation.undone.faults  # another push has gone on from there
        errors = [finding.message for finding in observation.findings if finding.severity is Severity.ERROR]
        faults = [*activation.complaints, *errors]
        if (observation.generation or 0) != self.staged.previous:
            faults.append(f"generation {observation.generation} is active")
        if self.staged.previous != 0:
            documents = self.driver.kept(self.host, self.pbx, self.staged.previous)
            pbx = self.driver.as_kept(self.pbx, documents)
            state = self.driver.state(self.host, pbx, documents)
            faults.extend(check.message for check in state if check.verdict in NO_PROOF)
        return tuple(faults)


def _by_itself(undone: Undone) -> str:
    return f"{undone.reason}: the host went back by itself at {undone.at}"
