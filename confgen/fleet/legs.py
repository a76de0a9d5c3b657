"""The legs between PBXs, each proven once from both ends by a call."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from confgen.drivers import driver_of
from confgen.model.check import Check, Level, Question, Vantage, Verdict
from confgen.model.driver import PushRefused
from confgen.model.host import HostError
from confgen.model.result import Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from confgen.fleet.connections import Connections
    from confgen.fleet.watcher import Watcher
    from confgen.model.inventory import Pbx, TrunkEnd

_STANDING = frozenset({Outcome.PROVEN, Outcome.UNCHANGED, Outcome.NOT_PROVEN})


def prove_legs(
    connections: Connections,
    pbxs: Sequence[Pbx],
    results: Sequence[Result],
    watcher: Watcher,
    *,
    concerning: Collection[str],
) -> tuple[Result, ...]:
    """A result for each trunk that a PBX of `concerning` has; pending where the other end had no part in the run."""
    standing = {result.pbx for result in results if result.outcome in _STANDING}
    present = {pbx.name: pbx for pbx in pbxs if pbx.name in standing}
    trunks = dict.fromkeys(trunk.name for pbx in pbxs if pbx.name in concerning for trunk in pbx.trunks)
    return tuple(_prove(connections, pbxs, present, name, watcher) for name in trunks)


def _prove(
    connections: Connections, pbxs: Sequence[Pbx], present: dict[str, Pbx], name: str, watcher: Watcher
) -> Result:
    started = time.monotonic()
    watcher.begin(name)
    ends = [(pbx, trunk) for pbx in pbxs for trunk in pbx.trunks if trunk.name == name]
    checks = tuple(_end(connections, pbx, trunk, present, watcher) for pbx, trunk in ends)
    outcome = _outcome(checks)
    result = Result(
        pbx=name,
        outcome=outcome,
        message=" and ".join(f"{trunk.name} to {trunk.peer}" for _, trunk in ends),
        checks=checks,
        seconds=time.monotonic() - started,
    )
    watcher.end(result)
    return result


def _end(connections: Connections, pbx: Pbx, trunk: TrunkEnd, present: dict[str, Pbx], watcher: Watcher) -> Check:
    question = _question(f"{pbx.name} to {trunk.peer}")
    missing = next((end for end in (pbx.name, trunk.peer) if end not in present), None)
    if missing is not None:
        return question.pending(f"{missing} has no part in this run, or is not proven")
    watcher.step(trunk.name, f"calling from {pbx.name} to {trunk.peer}")
    try:
        return driver_of(pbx.kind).prove_leg(connections.to(pbx), pbx, trunk)
    except HostError as error:
        return question.unknown(str(error))
    except PushRefused as error:
        return question.unknown(error.finding.message, error.finding.mend)
    except KeyboardInterrupt:  # the PBXs themselves are pushed and proven by now
        return question.unknown("interrupted", "`confgen verify` proves the legs anew")


def _outcome(checks: Collection[Check]) -> Outcome:
    verdicts = {check.verdict for check in checks}
    for verdict, outcome in (
        (Verdict.FAILED, Outcome.NOT_PROVEN),
        (Verdict.UNKNOWN, Outcome.UNKNOWN),
        (Verdict.PENDING, Outcome.PENDING),
    ):
        if verdict in verdicts:
            return outcome
    return Outcome.PROVEN


def _question(subject: str) -> Question:
    return Question(code="CALL-01", level=Level.CALL, subject=subject, vantage=Vantage.INSIDE)
