"""Numbers that nobody calls without need, because somebody may lie dying while the line is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

# Of most of the world, whatever an inventory says of its own.
_OF_THE_WORLD = frozenset(
    {"000", "100", "101", "102", "103", "108", "110", "111", "112", "113", "115", "116", "117", "118", "119"}
    | {"120", "122", "133", "144", "15", "16", "17", "18", "190", "191", "192", "193", "911", "988", "999"}
)


def emergency_fault(number: str, dialled: Iterable[str] = (), own: Collection[str] = ()) -> str | None:
    """Why the number must not be called to try something, in words; None where nothing speaks against it.

    `dialled` are other ways to write it, `own` the emergency numbers of whoever calls.
    """
    ways = {number.removeprefix("+"), *dialled, *_without_country(number)}
    if declared := ways.intersection(own):
        return f"{min(declared)} is an emergency number"
    if known := ways & _OF_THE_WORLD:
        return f"{min(known)} is an emergency number in some countries"
    return None


def _without_country(number: str) -> Iterator[str]:
    """What becomes of 00112 and of +49112, whose country code has one to three digits (ITU-T E.164)."""
    international = next((mark for mark in ("+", "00") if number.startswith(mark)), None)
    if international is not None:
        yield from (number.removeprefix(international)[digits:] for digits in (0, 1, 2, 3))
