"""The legs: between PBXs, each proven once from both ends by a call; and to providers, without one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from confgen.drivers import driver_of
from confgen.model.check import Check, Level, Question, Vantage, Verdict
from confgen.model.driver import PushRefused
from confgen.model.host import HostError
from confgen.model.result import Outcome, Result
from confgen.push import Stopped
from confgen.verify import prove_provider

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from confgen.fleet.job import Site
    from confgen.model.inventory import Pbx, TrunkEnd
    from confgen.model.provider import ProviderTrunk

_STANDING = frozenset({Outcome.PROVEN, Outcome.PROVEN_IN_PART, Outcome.UNCHANGED, Outcome.NOT_PROVEN})


def prove_legs(
    site: Site,
    pbxs: Sequence[Pbx],
    results: Sequence[Result],
    *,
    concerning: Collection[str],
) -> tuple[Result, ...]:
    """A result for each trunk that a PBX of `concerning` has; pending where the other end had no part in the run.

    What a PBX's `verification` does not ask for is not checked: that proves nothing, and fails nothing.
    """
    standing = {result.pbx for result in results if result.outcome in _STANDING}
    present = {pbx.name: pbx for pbx in pbxs if pbx.name in standing}
    concerned = [pbx for pbx in pbxs if pbx.name in concerning]
    peers = dict.fromkeys(trunk.name for pbx in concerned for trunk in pbx.trunks)
    return (
        *(_prove_peers(site, pbxs, present, name) for name in peers),
        *(_prove_provider(site, pbx, trunk, present) for pbx in concerned for trunk in pbx.provider_trunks),
    )


def _prove_peers(site: Site, pbxs: Sequence[Pbx], present: dict[str, Pbx], name: str) -> Result:
    started = time.monotonic()
    site.watcher.begin(name)
    ends = [(pbx, trunk) for pbx in pbxs for trunk in pbx.trunks if trunk.name == name]
    checks = tuple(_end(site, pbx, trunk, present) for pbx, trunk in ends)
    told = " and ".join(f"{pbx.name} to {trunk.peer}" for pbx, trunk in ends)
    return _result(site, name, told, checks, started)


def _prove_provider(site: Site, pbx: Pbx, trunk: ProviderTrunk, present: dict[str, Pbx]) -> Result:
    started = time.monotonic()
    site.watcher.begin(trunk.name)
    question = _question("CALL-03", f"{pbx.name} to {trunk.provider.name}")

    def ask() -> Check:
        site.watcher.step(trunk.name, f"registering {pbx.name} at {trunk.provider.name}")
        return prove_provider(site.connections.to(pbx), pbx, driver_of(pbx.kind), trunk)

    check = _asked(site, pbx, (pbx.name,), present, question, ask)
    return _result(site, trunk.name, f"{pbx.name} to {trunk.provider.name}", (check,), started)


def _result(site: Site, name: str, message: str, checks: tuple[Check, ...], started: float) -> Result:
    result = Result(
        pbx=name, outcome=_outcome(checks), message=message, checks=checks, seconds=time.monotonic() - started
    )
    site.watcher.end(result)
    return result


def _end(site: Site, pbx: Pbx, trunk: TrunkEnd, present: dict[str, Pbx]) -> Check:
    question = _question("CALL-01", f"{pbx.name} to {trunk.peer}")

    def ask() -> Check:
        site.watcher.step(trunk.name, f"calling from {pbx.name} to {trunk.peer}")
        return driver_of(pbx.kind).prove_leg(site.connections.to(pbx), pbx, trunk)

    return _asked(site, pbx, (pbx.name, trunk.peer), present, question, ask)


def _asked(
    site: Site, pbx: Pbx, ends: Sequence[str], present: dict[str, Pbx], question: Question, ask: Callable[[], Check]
) -> Check:
    """What came of it, or why it was not asked."""
    if Level.CALL not in pbx.verification.levels:
        return question.not_checked(f"the level call is not asked for at {pbx.name}")
    missing = next((end for end in ends if end not in present), None)
    if missing is not None:
        return question.pending(f"{missing} has no part in this run, or is not proven")
    try:
        site.stop.halt()
        return ask()
    except HostError as error:
        return question.unknown(str(error))
    except PushRefused as error:
        return question.unknown(error.finding.message, error.finding.mend)
    except (Stopped, KeyboardInterrupt):  # the PBXs themselves are pushed and proven by now
        return question.unknown("interrupted", "`confgen verify` proves the legs anew")
    finally:
        site.connections.release(pbx)


def _outcome(checks: Collection[Check]) -> Outcome:
    verdicts = {check.verdict for check in checks}
    for verdict, outcome in (
        (Verdict.FAILED, Outcome.NOT_PROVEN),
        (Verdict.UNKNOWN, Outcome.UNKNOWN),
        (Verdict.PENDING, Outcome.PENDING),
        (Verdict.NOT_CHECKED, Outcome.NOT_CHECKED),
    ):
        if verdict in verdicts:
            return outcome
    return Outcome.PROVEN


def _question(code: str, subject: str) -> Question:
    return Question(code=code, level=Level.CALL, subject=subject, vantage=Vantage.INSIDE)
