"""A number that leads out of a PBX, for a call that must not come about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.model.dialling import ByChannel, ByTrunk, Emergency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confgen.model.dialling import Route
    from confgen.model.inventory import Pbx

_PART = re.compile(r"\[[^\]]*\]|.")
_RANGE = re.compile(r"(.)-(.)")
# Emergency numbers of the world: where an inventory has a route for one, it may not say that it is one.
_EMERGENCY = frozenset({
    "000", "100", "101", "102", "103", "104", "108", "110", "111", "112", "113", "114", "115", "117", "118", "119",
    "120", "122", "123", "133", "144", "190", "191", "192", "193", "194", "199", "911", "995", "997", "998", "999",
})  # fmt: skip
_PREFIX = 3  # digits: the most that stand before an emergency number to get a line, or to choose one
_DIGITS = "0123456789"
_CLASSES = {"X": _DIGITS, "Z": _DIGITS[1:], "N": _DIGITS[2:], ".": _DIGITS}


def outside_number(pbx: Pbx) -> str | None:
    """A number that a route takes out: to a provider if there is one, else to a line, else to a peer.

    It is no number of the PBX's own, and neither it nor what the route makes of it is one of an emergency, or ends
    in one behind a prefix: nobody dials that to try a PBX. None where no route leads out.
    """
    outward = sorted((route for route in pbx.routes if isinstance(route.way, ByTrunk | ByChannel)), key=_order(pbx))
    own = frozenset(_own_numbers(pbx))
    emergency = _EMERGENCY.union(pbx.emergency.numbers if isinstance(pbx.emergency, Emergency) else ())
    return next(
        (
            number
            for route in outward
            for number in _fitting(route.numbers)
            if number not in own
            and not _calls_for_help(number, emergency)
            and not _calls_for_help(route.prepend + number[route.strip :], emergency)
        ),
        None,
    )


def _calls_for_help(number: str, emergency: frozenset[str]) -> bool:
    """Whether it is one of these numbers, or one of them behind a prefix."""
    return any(number.endswith(one) and len(number) - len(one) <= _PREFIX for one in emergency)


def _order(pbx: Pbx) -> Callable[[Route], int]:
    providers = {trunk.name for trunk in pbx.provider_trunks}

    def order(route: Route) -> int:
        if isinstance(route.way, ByTrunk):
            return 0 if route.way.trunk in providers else 2
        return 1

    return order


def _own_numbers(pbx: Pbx) -> Iterator[str]:
    yield from (extension.number for extension in pbx.extensions)
    yield from (group.number for group in pbx.ring_groups)
    if pbx.echo_number is not None:
        yield pbx.echo_number


def _fitting(pattern: str) -> Iterator[str]:
    """Some numbers of a pattern, one for each digit that may stand where several may."""
    parts = [found[0] for found in _PART.finditer(pattern)]
    for position in range(len(_DIGITS)):
        yield "".join(_sign(part, position) for part in parts)


def _sign(part: str, position: int) -> str:
    choice = _CLASSES.get(part) or (_members(part[1:-1]) if part.startswith("[") else part)
    return choice[position % len(choice)]


def _members(written: str) -> str:
    return _RANGE.sub(lambda found: "".join(map(chr, range(ord(found[1]), ord(found[2]) + 1))), written)
