"""What a push is going to write, and what that takes the place of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.threecx import records
from confgen.drivers.threecx.impact import impact_of
from confgen.drivers.threecx.objects import in_order
from confgen.drivers.threecx.present import present_before, reading_of
from confgen.drivers.threecx.requests import api_of
from confgen.drivers.threecx.texts import NOTHING, filled_from, paths_of, with_last_secrets
from confgen.model.driver import Staged

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from confgen.drivers.threecx.present import Present
    from confgen.drivers.threecx.records import Journal, State
    from confgen.model.document import Change, Document
    from confgen.model.driver import Observation
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Lease


def stage(
    host: Host,
    pbx: Pbx,
    _observation: Observation,
    documents: Collection[Document],
    changes: Collection[Change],
    lease: Lease,
) -> Staged:
    """Nothing is laid on the PBX, which has no place for it; what is there now is read once more.

    What a push that was cut off has touched is written again, whatever it came to.
    """
    shelf = api_of(host).shelf
    state, journal = records.state(shelf), records.journal(shelf)
    by_key = {document.key: document for document in documents if not document.is_for_push}
    changed = {change.key for change in changes} | {key for key in touched_keys(journal) if key in by_key}
    texts = {key: by_key[key].reveal() if key in by_key else None for key in changed}
    return Staged(
        generation=_next_generation(state, journal),
        previous=state.generation or 0,
        impact=impact_of(changed),
        changed=in_order(changed),
        lease=lease,
        carried=tuple(documents),
        before=before(present_before(host, pbx, changed), texts, state, journal),
    )


def touched_keys(journal: Journal | None) -> frozenset[str]:
    """What a push that was cut off has written, or may have."""
    return frozenset(() if journal is None else (entry.key for entry in journal.entries if entry.is_touched))


def before(
    objects: Mapping[str, Present], texts: Mapping[str, str | None], state: State, journal: Journal | None
) -> Mapping[str, str]:
    """What an undo writes back: where a push was cut off, what was there before that one."""
    found = {}
    for key, text in texts.items():
        last = state.written[key].text if key in state.written else None
        entry = None if journal is None or key not in touched_keys(journal) else journal.entry(key)
        now = [] if key not in objects else [reading_of(key, objects[key], paths_of(text or last or NOTHING))]
        if entry is not None:
            if entry.before is not None:
                found[key] = filled_from(key, entry.before, now)
        elif now:
            found[key] = with_last_secrets(key, now[0], last)
    return found


def _next_generation(state: State, journal: Journal | None) -> int:
    known = [state.generation or 0, *state.generations, *([] if journal is None else [journal.generation])]
    return max(known) + 1
