"""Who holds a PBX while it is changed, and what the host itself did when nobody confirmed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """One push's hold on one PBX.

    It ends `undo_after` seconds after the last word of its push, so that a dead operator's lease ends too. With the
    switch the same time begins to run for the host: what is not confirmed by then, the host undoes by itself.
    """

    push: str  # sixteen hexadecimal digits, new for each push
    owner: str  # who and where, for people: `maria@laptop`
    undo_after: int  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A lease that was found on a host. `seconds` are those left; none are where it has ended."""

    push: str
    owner: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What a host undid by itself, because nobody confirmed it in time or its power was cut.

    `faults` is what the host found wrong afterwards, in words; the host can tell whether the product runs, listens
    and complains, and proves nothing more.
    """

    push: str
    owner: str
    reason: str  # `not confirmed within 60 s`, `the host was started anew`
    at: str  # ISO 8601 with time zone, by the host's clock
    generation: int  # what was undone
    previous: int  # what is active since
    faults: tuple[str, ...] = ()
