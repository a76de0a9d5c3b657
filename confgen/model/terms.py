"""On what terms PBXs may be changed: what the operator said yes to, and how a fleet is gone through."""

from __future__ import annotations

from dataclasses import dataclass

UNDO_AFTER = 60  # seconds
PARALLEL = 32  # PBXs
PARALLEL_LOOKS = 64  # PBXs; most of a look is waiting for answers: at 50 ms, 500 take 7 s of CPU and 14 s by 32
TIME_LIMIT = 600.0  # seconds; the backup that a 3CX makes of itself may take half of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the operator said yes to, for each PBX."""

    adopt: bool = False  # take over documents that confgen did not write; generation 0 keeps them
    overwrite_drift: bool = False  # write over what was changed by hand since confgen wrote it
    allow_weaker: str | None = None  # the reason why a weaker PBX is wanted
    max_cut_off: int = 0  # so many registered contacts may not come back
    wait_idle: float | None = None  # seconds to wait for calls to end, where the change would drop them
    max_calls: int | None = None  # so many calls may be dropped; None where nobody asked to spare any
    no_undo: tuple[str, ...] = ()  # keys, or patterns of them, of what cannot be undone and may be done
    undo_after: int = UNDO_AFTER  # seconds from the switch until the host undoes what nobody confirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """How many PBXs are worked on before the results are looked at: a number of them, or percent of all."""

    size: int
    is_percent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """How a fleet is gone through: the canaries alone, then batch after batch; the last batch's size is kept.

    When a canary has failed, or more than `max_failures` of the others, no other PBX is begun. Refused or unreachable
    is failed too.
    """

    canary: tuple[str, ...] = ()  # names; the first PBX where none is named
    batches: tuple[Batch, ...] = (Batch(size=1),)  # one at least
    max_failures: int = 0
    undo_succeeded: bool = False  # put back those that succeeded when the budget is spent


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a fleet is gone through."""

    parallel: int = PARALLEL  # PBXs that are worked on at once, one at least
    time_limit: float = TIME_LIMIT  # seconds after which a PBX that was not switched is given up
