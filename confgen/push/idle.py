"""Calls that a change would drop: counted, and waited for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from confgen.model.document import Impact
from confgen.model.driver import PushRefused
from confgen.model.finding import Finding
from confgen.model.words import count
from confgen.push.words import Step

if TYPE_CHECKING:
    from confgen.model.driver import Driver, Staged
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.terms import Terms

_LOOK_AGAIN = 2.0  # seconds


def wait_for_idle(host: Host, pbx: Pbx, driver: Driver, staged: Staged, terms: Terms, step: Step) -> None:
    """Wait until no more calls than allowed would be dropped; PushRefused where they do not end in time.

    Nothing is waited for where nobody asked to spare calls, or where the change spares them by itself.
    """
    if staged.impact < Impact.PROCESS_RESTART or (terms.wait_idle is None and terms.max_calls is None):
        return
    most = terms.max_calls or 0
    until = time.monotonic() + (terms.wait_idle or 0)
    while True:
        calls = driver.calls(host, pbx, staged.lease)
        if calls is not None and calls <= most:
            return
        left = until - time.monotonic()
        if left <= 0:
            raise PushRefused(_in_progress(pbx, calls, most))
        waited_for = "calls, how many is not known," if calls is None else count(calls, "call")
        step(f"waiting for {waited_for} to end, {terms.wait_idle or 0:.0f} s at most")
        time.sleep(min(_LOOK_AGAIN, left))


def _in_progress(pbx: Pbx, calls: int | None, most: int) -> Finding:
    told = "calls in progress, how many could not be told" if calls is None else f"{count(calls, 'call')} in progress"
    return Finding(
        code="PUSH-46",
        message=f"the restart that this change needs would drop {told}; at most {most} may be dropped",
        mend="`--wait-idle 10m` waits for them to end, `--max-calls N` allows N of them to be dropped",
        place=pbx.place,
        pbx=pbx.name,
    )
