"""What a host undid by itself, as a finding for whoever looks next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.document import Impact
from confgen.model.driver import PushRefused, Staged
from confgen.model.finding import Finding, Severity
from confgen.model.lease import Lease

if TYPE_CHECKING:
    from confgen.model.driver import Driver
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Undone


def undone_before(host: Host, pbx: Pbx, driver: Driver) -> tuple[Finding, ...]:
    """The same, asked of the host alone; why it refuses to be looked at is for others to tell."""
    try:
        return undone_by_host(pbx, driver, driver.undone(host, pbx))
    except PushRefused:
        return ()


def undone_by_host(pbx: Pbx, driver: Driver, undone: Undone | None) -> tuple[Finding, ...]:
    """Whose push was undone, when and why; a warning even where the host found faults: the next push may mend them."""
    if undone is None:
        return ()
    back = "what was there before confgen" if undone.previous == 0 else f"generation {undone.previous}"
    message = (
        f"at {undone.at} the host undid generation {undone.generation}, which {undone.owner} had pushed: "
        f"{undone.reason}; it went back to {back}"
    )
    mend = "`confgen verify` proves what is there now; push again when you know why nobody confirmed it"
    if undone.faults:
        message += f", and is neither proven nor certainly as before: {'; '.join(undone.faults)}"
        mend = (
            "see to the PBX now: `confgen verify` tells what is wrong, and its log why; then push again, or "
            f"{driver.by_hand(_staged(undone))}"
        )
    return (
        Finding(code="PUSH-43", message=message, mend=mend, severity=Severity.WARNING, place=pbx.place, pbx=pbx.name),
    )


def _staged(undone: Undone) -> Staged:
    """What was undone, as the push that staged it knew it."""
    return Staged(
        generation=undone.generation,
        previous=undone.previous,
        impact=Impact.PROCESS_RESTART,
        changed=(),
        lease=Lease(push=undone.push, owner=undone.owner, undo_after=0),
    )
