"""Which PBXs are worked on together, and in which order. Pure."""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING

from confgen.fleet.selection import NoSuchPbx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confgen.model.terms import Batch, Strategy


def batches(names: Sequence[str], strategy: Strategy) -> tuple[tuple[str, ...], ...]:
    """The canaries, then batch after batch, each in the order of the names; NoSuchPbx where a canary is none of them.

    Percent are of all the names, rounded down, and one at least.
    """
    strangers = [name for name in strategy.canary if name not in names]
    if strangers:
        raise NoSuchPbx(f"the canary {strangers[0]!r} is none of the PBXs of this run: {', '.join(names)}")
    canaries = tuple(name for name in names if name in (strategy.canary or names[:1]))
    rest = [name for name in names if name not in canaries]
    found = [canaries] if canaries else []
    for batch in chain(strategy.batches, repeat(strategy.batches[-1])):
        if not rest:
            break
        size = _size(batch, len(names))
        found.append(tuple(rest[:size]))
        rest = rest[size:]
    return tuple(found)


def _size(batch: Batch, total: int) -> int:
    return max(1, total * batch.size // 100 if batch.is_percent else batch.size)
