"""One object after the other, each with its place in the journal before and after it is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.drivers.threecx import lease, records
from confgen.drivers.threecx.backup import back_up
from confgen.drivers.threecx.fingerprints import fingerprint_under
from confgen.drivers.threecx.masking import lost_secrets
from confgen.drivers.threecx.present import present
from confgen.drivers.threecx.records import Entry, Journal, Step
from confgen.drivers.threecx.requests import api_of
from confgen.drivers.threecx.staging import touched_keys
from confgen.drivers.threecx.texts import digest_of, without_secrets
from confgen.drivers.threecx.writing import remove, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.document import Document
    from confgen.model.driver import Staged
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.shelf import Shelf


def switch(host: Host, pbx: Pbx, staged: Staged) -> None:
    """HostError where an object was not taken, or nobody knows whether it was: the journal tells how far it came."""
    shelf = api_of(host).shelf
    documents = {document.key: document for document in staged.carried if not document.is_for_push}
    back_up(host, pbx, staged)
    journal = _begun(shelf, staged, documents)
    records.keep_journal(shelf, journal)
    objects = present(host, staged.changed, pbx.product_version)
    for key in (*(key for key in staged.changed if key in documents), *_removed(staged, documents)):
        lease.go_on(host, staged.lease)
        journal = _further(shelf, journal, key, Step.BEGUN, None)
        reading = None
        if key in documents:
            reading = write(host, key, documents[key].reveal(), objects.get(key), pbx.product_version)
        elif key in objects:
            remove(host, key, objects[key], pbx.product_version)
        journal = _further(shelf, journal, key, Step.WRITTEN, reading)


def _removed(staged: Staged, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """What refers to others goes before them, as it came after them."""
    return tuple(reversed([key for key in staged.changed if key not in documents]))


def _further(shelf: Shelf, journal: Journal, key: str, step: Step, reading: str | None) -> Journal:
    entry = journal.entry(key)
    assert entry is not None  # noqa: S101 -- the journal was begun with every key
    journal = journal.with_entry(replace(entry, step=step, reading=reading))
    records.keep_journal(shelf, journal)
    return journal


def _begun(shelf: Shelf, staged: Staged, documents: Mapping[str, Document]) -> Journal:
    """What a push that was cut off has touched stays touched, until this one has written or undone it."""
    earlier = records.journal(shelf)
    fingerprint = fingerprint_under(records.fingerprint_key(shelf))
    kept = records.generation(shelf, staged.generation) or {}
    touched = touched_keys(earlier)
    entries = []
    for key in staged.changed:
        document = documents.get(key)
        after = None if document is None else without_secrets(key, document.reveal(), fingerprint)
        before = staged.before.get(key)
        digest = None
        if document is not None and after is not None:
            is_kept = key in kept and kept[key].text == after
            # What went without its secrets is another document than the one that had them.
            digest = kept[key].digest if is_kept else digest_of(document.reveal())
        entries.append(
            Entry(
                key=key,
                before=before,
                after=after,
                digest=digest,
                step=Step.BEGUN if key in touched else Step.WAITING,
                secrets=lost_secrets(key, before, after),
            )
        )
    others = () if earlier is None else earlier.entries
    return Journal(
        push=staged.lease.push,
        owner=staged.lease.owner,
        generation=staged.generation,
        previous=staged.previous,
        entries=(*entries, *(entry for entry in others if entry.is_touched and entry.key not in staged.changed)),
    )
