"""Verify PBXs that no inventory describes, side by side, each from the wire alone."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.fleet.stop import Stop
from confgen.model.check import Level, Verdict
from confgen.model.depth import level_words
from confgen.model.result import Outcome, Result
from confgen.push import said
from confgen.verify.outsider import NO_WAY, NotFound, prove_outside
from confgen.verify.wire.polite import PoliteDial

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from confgen.fleet.watcher import Watcher
    from confgen.model.check import Check
    from confgen.model.outside import Outsider, Wanted

_HANDS = 8  # PBXs that are looked at side by side, at most
_CALLS = frozenset({Level.DOWNGRADE, Level.CALL})


def verify_outside(
    outsiders: Sequence[Outsider], wanted: Wanted, watcher: Watcher, *, stop: Stop | None = None
) -> tuple[Result, ...]:
    """A result for each, in order; none for those that were not begun when somebody asked to stop."""
    stop = stop or Stop()
    dial = PoliteDial()
    calling: dict[str, threading.Lock] = {}  # by address, to which several names may lead

    def look(outsider: Outsider) -> Result | None:
        if stop.is_asked:
            return None
        watcher.begin(str(outsider))
        started = time.monotonic()
        result = replace(_looked_at(outsider, wanted, watcher, dial, calling, stop), seconds=time.monotonic() - started)
        watcher.end(result)
        return result

    with ThreadPoolExecutor(max_workers=_HANDS, thread_name_prefix="outside") as pool:
        return tuple(result for result in pool.map(look, outsiders) if result is not None)


def _looked_at(
    outsider: Outsider,
    wanted: Wanted,
    watcher: Watcher,
    dial: PoliteDial,
    calling: dict[str, threading.Lock],
    stop: Stop,
) -> Result:
    name = str(outsider)
    try:
        checks = prove_outside(
            outsider,
            wanted,
            dial=dial,
            calling=lambda address: calling.setdefault(address, threading.Lock()),
            step=lambda words: watcher.step(name, words),
            is_called_off=lambda: stop.is_asked,
        )
    except NotFound as error:
        return Result(pbx=name, outcome=Outcome.UNKNOWN, message=str(error))
    except Exception as error:  # noqa: BLE001 -- a fault of confgen's own keeps nobody from the other PBXs
        return Result(pbx=name, outcome=Outcome.UNKNOWN, message=said(error))
    outcome, message = judged(checks, wanted.depth.levels)
    return Result(pbx=name, outcome=outcome, message=message, checks=checks)


def judged(checks: Collection[Check], asked: Collection[Level]) -> tuple[Outcome, str]:
    """What the checks mean together, and that in a line. Pure."""
    verdicts = {check.verdict for check in checks}
    if Verdict.FAILED in verdicts:
        return Outcome.NOT_PROVEN, "not proven"
    unknown = next((check for check in checks if check.verdict is Verdict.UNKNOWN), None)
    if unknown is not None:
        return Outcome.UNKNOWN, f"some of it could not be told: {unknown.subject}: {unknown.message}"
    if Verdict.PASSED not in verdicts:
        return Outcome.UNKNOWN, "nothing was checked"
    away = [check.subject for check in checks if check.code == NO_WAY]
    unproven = {check.level for check in checks if check.verdict is not Verdict.PASSED and check.code != NO_WAY}
    proven = frozenset(check.level for check in checks) - unproven
    words = [f"proven: {level_words(proven)}"]
    unchecked = frozenset(asked) - proven - {Level.STATE}
    if unchecked:
        words.append(f"not checked: {'calls' if unchecked <= _CALLS else level_words(unchecked)}")
    left_out = frozenset(Level) - frozenset(asked) - {Level.STATE}
    if left_out:
        words.append(f"not asked for: {level_words(left_out)}")
    if away:
        words.append(f"not looked at: {', '.join(away)}")
    words.append("absent: state")
    return Outcome.PROVEN_IN_PART if unchecked or left_out or away else Outcome.PROVEN, "; ".join(words)
