"""A PBX kept to one push, from before the first write to its end."""

from __future__ import annotations

import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from confgen.model.driver import PushRefused
from confgen.model.finding import Finding, Severity
from confgen.model.host import HostError
from confgen.model.lease import Lease
from confgen.push.limit import TimeLimit
from confgen.push.looking import is_as_before
from confgen.push.operator import operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.driver import Driver, Observation
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Held


def new_lease(undo_after: int) -> Lease:
    """A lease of this push, in the name of who runs it."""
    return Lease(push=secrets.token_hex(8), owner=operator(), undo_after=undo_after)


@contextmanager
def hold(
    host: Host, pbx: Pbx, driver: Driver, observation: Observation, undo_after: int, limit: TimeLimit
) -> Iterator[tuple[Lease, tuple[Finding, ...]]]:
    """Keep others away for as long as the block takes, and see that the PBX is still as it was looked at.

    What comes to its end within the block gives the lease back itself; what stops before leaves that to here, where
    the limit is not counted any more. On a broken link it ends by itself.
    """
    lease = new_lease(undo_after)
    early = limit.on(host)
    try:
        locked = driver.lock(early, pbx, observation, lease)
        _need_unchanged(pbx, observation, locked.observation)
        yield lease, () if locked.taken_over is None else (_taken_over(pbx, driver, locked.taken_over),)
    except BaseException:  # it may have been taken even where another seems to have it, and only the answer came late
        with suppress(HostError, PushRefused):
            driver.unlock(host, pbx, lease)
        raise


def _need_unchanged(pbx: Pbx, before: Observation, now: Observation) -> None:
    if not is_as_before(before, now):
        raise PushRefused(
            Finding(
                code="PUSH-41",
                message="the PBX was changed while this push looked at it",
                mend="run it again; `confgen plan` shows what is there now",
                place=pbx.place,
                pbx=pbx.name,
            )
        )


def _taken_over(pbx: Pbx, driver: Driver, held: Held) -> Finding:
    undone = "what it had not confirmed is undone"
    if not driver.guarantees.undo_without_link:
        undone = "what it had written, and not confirmed, is there still, and this push goes on from there"
    return Finding(
        code="PUSH-40",
        message=f"the push of {held.owner} held this PBX and was not heard of any more; its hold has ended",
        mend=f"ask there what became of it; {undone}",
        severity=Severity.WARNING,
        place=pbx.place,
        pbx=pbx.name,
    )
