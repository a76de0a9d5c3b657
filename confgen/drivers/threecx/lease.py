"""A 3CX kept to one push, on the operator's shelf: other operators' machines know nothing of it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from confgen.drivers.threecx.requests import api_of
from confgen.model.driver import PushRefused
from confgen.model.finding import Finding
from confgen.model.host import HostError
from confgen.model.lease import Held

if TYPE_CHECKING:
    from confgen.model.driver import Observation
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Lease
    from confgen.model.shelf import Shelf

_NAME = "lock"


def held(shelf: Shelf, now: float) -> Held | None:
    """Whose push has the PBX, or had it and did not give it back; `now` is seconds since 1970."""
    text = shelf.read(_NAME)
    if text is None:
        return None
    try:
        told = json.loads(text)
        return Held(push=told["push"], owner=told["owner"], seconds=max(0, round(told["until"] - now)))
    except (ValueError, KeyError, TypeError):
        return Held(push="", owner="nobody known", seconds=0)


def lock(host: Host, pbx: Pbx, _observation: Observation, lease: Lease) -> Held | None:
    """Take the PBX; whose lease that had ended was taken over."""
    shelf = api_of(host).shelf
    taken_over = None
    while not shelf.create(_NAME, _text(lease)):
        holder = held(shelf, time.time())
        if holder is None:
            continue
        if holder.seconds > 0:
            raise PushRefused(_is_held(pbx, holder))
        taken_over = holder
        shelf.remove(_NAME)
    return taken_over


def go_on(host: Host, lease: Lease) -> None:
    """The lease begins anew, with this word of its push; HostError where somebody else has the PBX meanwhile."""
    shelf = api_of(host).shelf
    holder = held(shelf, time.time())
    if holder is None or holder.push != lease.push:
        raise HostError("this push has lost its hold on the PBX to another one, since it was not heard of for too long")
    shelf.write(_NAME, _text(lease))


def unlock(host: Host, _pbx: Pbx, lease: Lease) -> None:
    """Let others in again; another push's lease is left alone."""
    shelf = api_of(host).shelf
    holder = held(shelf, time.time())
    if holder is not None and holder.push == lease.push:
        shelf.remove(_NAME)


def _text(lease: Lease) -> str:
    return json.dumps({"push": lease.push, "owner": lease.owner, "until": time.time() + lease.undo_after})


def _is_held(pbx: Pbx, holder: Held) -> Finding:
    return Finding(
        code="PUSH-39",
        message=f"{holder.owner} is at work on this PBX, and holds it for {holder.seconds} s more unless that push "
        "goes on",
        mend="wait for it, or ask there; then run it again",
        place=pbx.place,
        pbx=pbx.name,
    )
