"""The end of a push: confirmed, or undone, told by the operator's shelf."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.drivers.threecx import lease as leases
from confgen.drivers.threecx import records
from confgen.drivers.threecx.activation import put_in_force
from confgen.drivers.threecx.backup import tidy
from confgen.drivers.threecx.objects import type_of
from confgen.drivers.threecx.origins import origins_of
from confgen.drivers.threecx.present import differing, present
from confgen.drivers.threecx.records import Kept, State, Step, Written
from confgen.drivers.threecx.requests import api_of
from confgen.drivers.threecx.unclear import Unclear
from confgen.drivers.threecx.writing import NotTaken, read_back, remove, write
from confgen.model.api_fault import ApiForbidden, ApiRefused
from confgen.model.driver import Activation
from confgen.model.host import HostError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.drivers.threecx.present import Present
    from confgen.drivers.threecx.records import Entry, Journal
    from confgen.model.driver import Staged
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Lease, Undone


def confirm(host: Host, pbx: Pbx, staged: Staged) -> Undone | None:
    """One write on the shelf makes it so; what comes before it and after it may be cut off."""
    leases.go_on(host, pbx, staged.lease)
    shelf = api_of(host).shelf
    before, journal = records.state(shelf), records.journal(shelf)
    if journal is None or journal.push != staged.lease.push:
        raise leases.HoldLost
    written = _written(staged, before, journal)
    generations = tuple(sorted({0, *before.generations, staged.generation}))
    forgotten = [number for number in generations if number][: -records.MOST_GENERATIONS]
    after = State(push=staged.lease.push, generations=tuple(sorted({*generations} - {*forgotten})))
    if staged.generation != 0:
        documents = {key: Kept(text=one.text, digest=one.digest) for key, one in written.items()}
        records.keep_generation(shelf, staged.generation, documents)
        found = origins_of(before, journal)
        after = replace(after, generation=staged.generation, written=written, origins=found.before, firsts=found.firsts)
    records.keep_state(shelf, after)
    records.close_journal(shelf)
    for number in forgotten:
        records.forget_generation(shelf, number)
    with suppress(HostError):  # it is confirmed: backups that stay are no reason to undo anything
        tidy(host)
    leases.unlock(host, pbx, staged.lease)
    return None  # nobody else undoes it


def undo(host: Host, pbx: Pbx, staged: Staged) -> Activation:
    """Write the old values back, last first, and read them; complaints are what could not be.

    The PBX is held still afterwards: it may be asked for again.
    """
    shelf = api_of(host).shelf
    if records.state(shelf).push == staged.lease.push:
        leases.unlock(host, pbx, staged.lease)
        return Activation(was_confirmed=True)
    if not leases.has(host, staged.lease):
        return Activation(is_overtaken=True)
    journal = records.journal(shelf)
    if journal is None or journal.push != staged.lease.push:
        return Activation()  # nothing of this push was written
    complaints = _written_back(host, pbx, staged.lease, journal)
    if not complaints:
        records.close_journal(shelf)
    return Activation(complaints=tuple(complaints))


def _written_back(host: Host, pbx: Pbx, lease: Lease, journal: Journal) -> list[str]:
    """What could not be."""
    touched = [entry for entry in reversed(journal.entries) if entry.is_touched]
    objects, complaints = _told_apart(host, pbx, [entry.key for entry in touched])
    for entry in touched:
        if entry.key not in objects:
            complaints += [_lost(entry)] if entry.secrets else []
            continue
        leases.go_on(host, pbx, lease)
        step, told = _undone(host, pbx, entry, objects[entry.key])
        complaints += told
        journal = journal.with_entry(replace(entry, step=step))
        records.keep_journal(api_of(host).shelf, journal)
    undone = [one.key for one in journal.entries if one.step is Step.UNDONE or _is_partly_undone(one)]
    undone = [key for key in undone if key in objects]
    return [*complaints, *put_in_force(host, pbx, lease, undone).complaints]


def _told_apart(host: Host, pbx: Pbx, keys: list[str]) -> tuple[Mapping[str, Present | None], list[str]]:
    """What is there, without what nobody can tell: that is left as it is, and told."""
    complaints: list[str] = []
    while True:
        try:
            objects = present(host, keys, pbx.product_version)
        except Unclear as error:
            keys = [key for key in keys if key != error.key]
            complaints.append(f"{error.key} is not as before: {error}")
        else:
            return {key: objects.get(key) for key in keys}, complaints


def _undone(host: Host, pbx: Pbx, entry: Entry, one: Present | None) -> tuple[Step, list[str]]:
    """How far it came, and what is not as before. Where the API refuses one object, the others are still put back."""
    has_lost = bool(entry.secrets) and entry.before is not None and one is not None
    lost = [_lost(entry)] if has_lost else []
    if entry.before is not None and one is None and type_of(entry.key).has_irretrievable:
        return entry.step, [f"{entry.key} is gone: nobody can make it again with its password"]
    if has_lost and type_of(entry.key).is_whole:
        return entry.step, lost
    try:
        if entry.before is None:
            if one is not None:
                remove(host, entry.key, one, pbx.product_version)
        elif one is None or differing(entry.key, entry.before, one):
            write(host, entry.key, entry.before, one, pbx.product_version)
            read_back(host, entry.key, entry.before, one, pbx.product_version)
    except (ApiForbidden, ApiRefused, NotTaken, Unclear) as error:
        return entry.step, [f"{entry.key} is not as before: {error}", *lost]
    return entry.step if lost else Step.UNDONE, lost  # a second look at the object would not tell of them


def _is_partly_undone(entry: Entry) -> bool:
    return entry.is_touched and not type_of(entry.key).is_whole


def _lost(entry: Entry) -> str:
    """A secret cannot be read, and the PBX may have taken it though what can be read is as before."""
    has = "may have" if entry.step is Step.BEGUN else "has"
    return f"{entry.key} {has} the new {', '.join(entry.secrets)}: nobody knows the old one"


def _written(staged: Staged, before: State, journal: Journal | None) -> Mapping[str, Written]:
    found = {}
    for key in (document.key for document in staged.carried if not document.is_for_push):
        entry = None if journal is None else journal.entry(key)
        last = before.written.get(key)
        if entry is not None and entry.after is not None and entry.reading is not None and entry.digest is not None:
            found[key] = Written(
                digest=entry.digest,
                text=entry.after,
                reading=entry.reading,
                is_made=entry.before is None if last is None else last.is_made,
            )
        elif last is not None:
            found[key] = last
    return found
