"""A 3CX kept to one push, on the operator's shelf: other operators' machines know nothing of it.

Claims lie there by number, and the highest counts. To take the PBX, to take it over and to give it back are each the
one act of making the next number, in which a shelf lets only one succeed; numbers never come again. So whoever comes
late writes to a number that counts no more, and never over the claim of another.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.drivers.threecx import records
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

_CLAIMS = "lock/"
_GIVEN_BACK = "{}"


class HoldLost(HostError):
    """Another push has the PBX, so that this one writes nothing more."""

    def __init__(self) -> None:
        super().__init__(
            "this push has lost its hold on the PBX to another one, since it was not heard of for too long"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """The one that counts: number 0 where nobody ever had the PBX; `held` is None where it was given back."""

    number: int
    held: Held | None


def held(shelf: Shelf, now: float) -> Held | None:
    """Whose push has the PBX, or had it and did not give it back; `now` is seconds since 1970."""
    return _newest(shelf, now).held


def take(host: Host, pbx: Pbx, _observation: Observation, lease: Lease) -> Held | None:
    """Take the PBX; whose lease that had ended was taken over."""
    shelf = api_of(host).shelf
    while True:
        found = _newest(shelf, time.time())
        if found.held is not None and found.held.seconds > 0:
            raise PushRefused(_is_held(pbx, found.held))
        if shelf.create(_name(found.number + 1), _text(lease)) and has(host, lease):
            _sweep(shelf, found.number)
            records.sweep(shelf)
            return found.held


def has(host: Host, lease: Lease) -> bool:
    """Whether this push has the PBX, and not another one since."""
    holder = held(api_of(host).shelf, time.time())
    return holder is not None and holder.push == lease.push


def go_on(host: Host, _pbx: Pbx, lease: Lease) -> None:
    """The lease begins anew, with this word of its push; HoldLost where somebody else has the PBX meanwhile."""
    shelf = api_of(host).shelf
    found = _newest(shelf, time.time())
    if found.held is None or found.held.push != lease.push:
        raise HoldLost
    shelf.write(_name(found.number), _text(lease))


def need(host: Host, pbx: Pbx, lease: Lease) -> None:
    """The same before the first write; PushRefused where somebody else has the PBX."""
    try:
        go_on(host, pbx, lease)
    except HoldLost as error:
        raise PushRefused(
            Finding(code="PUSH-39", message=str(error), mend="run it again", place=pbx.place, pbx=pbx.name)
        ) from error


def unlock(host: Host, _pbx: Pbx, lease: Lease) -> None:
    """Let others in again; another push's lease is left alone."""
    shelf = api_of(host).shelf
    found = _newest(shelf, time.time())
    is_own = found.held is not None and found.held.push == lease.push
    if is_own and shelf.create(_name(found.number + 1), _GIVEN_BACK):
        _sweep(shelf, found.number)


def _newest(shelf: Shelf, now: float) -> _Claim:
    while True:
        number = max(_numbers(shelf), default=0)
        text = shelf.read(_name(number)) if number else _GIVEN_BACK
        if text is not None:  # else swept away meanwhile, for there is a higher one
            return _Claim(number=number, held=_held(text, now))


def _numbers(shelf: Shelf) -> list[int]:
    found = [name.removeprefix(_CLAIMS) for name in shelf.names() if name.startswith(_CLAIMS)]
    return [int(number) for number in found if number.isdecimal()]


def _sweep(shelf: Shelf, below: int) -> None:
    """What counts no more; the last of them stays, so that whoever lists them just now sees one in any case."""
    for number in _numbers(shelf):
        if number < below:
            shelf.remove(_name(number))


def _name(number: int) -> str:
    return f"{_CLAIMS}{number}"


def _held(text: str, now: float) -> Held | None:
    if text == _GIVEN_BACK:
        return None
    try:
        told = json.loads(text)
        return Held(push=told["push"], owner=told["owner"], seconds=max(0, round(told["until"] - now)))
    except (ValueError, KeyError, TypeError):
        return Held(push="", owner="nobody known", seconds=0)


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
