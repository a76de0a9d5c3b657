"""What was there before confgen, property by property, as what confgen has written since tells it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.drivers.threecx.texts import NOTHING, filled_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.drivers.threecx.records import Journal, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """By key."""

    before: Mapping[str, str | None]  # what was there before confgen; None: nothing
    firsts: Mapping[str, str]  # of what confgen made: what a property had before confgen first wrote it


def origins_of(state: State, journal: Journal | None) -> Origins:
    """Of what was confirmed, and of what the push under way has touched."""
    before, firsts = dict(state.origins), dict(state.firsts)
    for entry in () if journal is None else journal.entries:
        if not entry.is_touched:
            continue
        origin = before.setdefault(entry.key, entry.before)
        if entry.before is None:  # it is made, be it anew
            firsts.pop(entry.key, None)
        elif origin is None:
            firsts[entry.key] = filled_from(entry.key, firsts.get(entry.key, NOTHING), [entry.before])
        else:
            before[entry.key] = filled_from(entry.key, origin, [entry.before])
    return Origins(before=before, firsts=firsts)
