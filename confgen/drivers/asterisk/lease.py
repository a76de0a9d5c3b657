"""An Asterisk host kept to one push."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.asterisk import script
from confgen.model.driver import PushRefused
from confgen.model.finding import Finding
from confgen.model.lease import Held

if TYPE_CHECKING:
    from confgen.model.driver import Observation
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Lease


def take(host: Host, pbx: Pbx, observation: Observation, lease: Lease) -> Held | None:
    """Keep other pushes away; this is the first that writes on the host, so its script is put there before."""
    if not observation.has_hands:
        _need_nobody(pbx, observation)  # a push under way goes on with the script that it began with
        script.install(host)
    answer = dict(script.lines(script.act(host, pbx, "lock", lease.push, lease.owner, str(lease.undo_after))))
    if "taken_over" not in answer:
        return None
    push, owner = answer["taken_over"].split(" ")
    return Held(push=push, owner=owner, seconds=0)


def _need_nobody(pbx: Pbx, observation: Observation) -> None:
    held = observation.held
    if held is not None and held.seconds > 0:
        raise PushRefused(
            Finding(
                code="PUSH-39",
                message=f"{held.owner} is at work on this PBX, and holds it for {held.seconds} s more unless that push "
                "goes on",
                mend="wait for it, or ask there; then run it again",
                place=pbx.place,
                pbx=pbx.name,
            )
        )


def go_on(_host: Host, _pbx: Pbx, _lease: Lease) -> None:
    """Nothing: from the switch on the host counts by itself, and undoes what nobody confirmed in time."""


def unlock(host: Host, pbx: Pbx, lease: Lease) -> None:
    """Let others in again."""
    script.act(host, pbx, "unlock", lease.push)


def calls(host: Host, pbx: Pbx, lease: Lease) -> int | None:
    """How many calls are in progress; None where Asterisk does not tell."""
    answer = script.lines(script.act(host, pbx, "calls", push=lease.push))
    return count_of_calls(dict(rest.split(" ", 1) for word, rest in answer if word == "fact" and " " in rest))


def count_of_calls(facts: dict[str, str]) -> int | None:
    """The number among the facts that the host's script tells."""
    told = facts.get("calls", "")
    return int(told) if told.isdecimal() else None
