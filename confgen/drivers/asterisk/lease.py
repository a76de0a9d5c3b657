"""An Asterisk host kept to one push."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.asterisk import script
from confgen.model.lease import Held

if TYPE_CHECKING:
    from confgen.model.driver import Observation
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Lease


def lock(host: Host, pbx: Pbx, observation: Observation, lease: Lease) -> Held | None:
    """Keep other pushes away; this is the first that writes on the host, so its script is put there before."""
    if not observation.has_hands:
        script.install(host)
    answer = dict(script.lines(script.act(host, pbx, "lock", lease.push, lease.owner, str(lease.undo_after))))
    if "taken_over" not in answer:
        return None
    push, owner = answer["taken_over"].split(" ")
    return Held(push=push, owner=owner, seconds=0)


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
