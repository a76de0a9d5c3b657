"""What a host undid by itself, as a finding for whoever looks next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.driver import PushRefused
from confgen.model.finding import Finding, Severity

if TYPE_CHECKING:
    from confgen.model.driver import Driver, Observation
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx


def undone_before(host: Host, pbx: Pbx, driver: Driver) -> tuple[Finding, ...]:
    """The same, asked of the host; why it refuses to be looked at is for others to tell."""
    try:
        return undone_by_host(pbx, driver.observe(host, pbx))
    except PushRefused:
        return ()


def undone_by_host(pbx: Pbx, observation: Observation) -> tuple[Finding, ...]:
    """Whose push was undone, when and why; a warning even where the host found faults: the next push may mend them."""
    undone = observation.undone
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
        mend = "see to the PBX now: `confgen verify` tells what is wrong, and Asterisk's log why; then push again"
    return (
        Finding(code="PUSH-43", message=message, mend=mend, severity=Severity.WARNING, place=pbx.place, pbx=pbx.name),
    )
