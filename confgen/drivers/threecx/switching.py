"""One object after the other, each with its place in the journal before and after it is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.drivers.threecx import lease, records
from confgen.drivers.threecx.fingerprints import fingerprint_under
from confgen.drivers.threecx.masking import lost_secrets
from confgen.drivers.threecx.present import present_before
from confgen.drivers.threecx.records import Entry, Journal, Step
from confgen.drivers.threecx.requests import api_of
from confgen.drivers.threecx.staging import touched_keys
from confgen.drivers.threecx.texts import without_secrets
from confgen.drivers.threecx.writing import read_back, remove, write
from confgen.model.api_fault import is_surely_not_done
from confgen.model.host import HostError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.drivers.threecx.present import Present
    from confgen.model.document import Document
    from confgen.model.driver import Staged
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.shelf import Shelf


def switch(host: Host, pbx: Pbx, staged: Staged) -> None:
    """HostError where an object was not taken, or nobody knows whether it was: the journal tells how far it came."""
    shelf = api_of(host).shelf
    documents = {document.key: document for document in staged.carried if not document.is_for_push}
    objects = present_before(host, pbx, staged.changed)
    journal = _begun(shelf, staged, documents)
    lease.need(host, pbx, staged.lease)
    records.keep_journal(shelf, journal)
    for key in (*(key for key in staged.changed if key in documents), *_removed(staged, documents)):
        lease.go_on(host, pbx, staged.lease)
        journal = _one(host, pbx, journal, key, documents.get(key), objects.get(key))


def _one(host: Host, pbx: Pbx, journal: Journal, key: str, document: Document | None, one: Present | None) -> Journal:
    """The journal once the object is written and read back, or removed."""
    shelf, reading = api_of(host).shelf, None
    entry = journal.entry(key)
    assert entry is not None  # noqa: S101 -- the journal was begun with every key
    begun = _further(shelf, journal, replace(entry, step=entry.step if entry.is_touched else Step.BEGUN))
    try:
        if document is not None:
            write(host, key, document.reveal(), one, pbx.product_version)
        elif one is not None:
            remove(host, key, one, pbx.product_version)
    except HostError as error:
        if is_surely_not_done(error):
            records.keep_journal(shelf, journal)
        raise
    if document is not None:
        # From here on it has the new secrets, and none of those that an earlier push may have left there.
        lost = lost_secrets(key, entry.before, entry.after)
        entry = replace(entry, step=Step.ANSWERED, secrets=lost)
        begun = _further(shelf, begun, entry)
        reading = read_back(host, key, document.reveal(), one, pbx.product_version)
    return _further(shelf, begun, replace(entry, step=Step.WRITTEN, reading=reading))


def _removed(staged: Staged, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """What refers to others goes before them, as it came after them."""
    return tuple(reversed([key for key in staged.changed if key not in documents]))


def _further(shelf: Shelf, journal: Journal, entry: Entry) -> Journal:
    journal = journal.with_entry(entry)
    records.keep_journal(shelf, journal)
    return journal


def _left_at(entry: Entry) -> Step:
    """How far the push came that was cut off, as the next one has to know: its secrets went, or may have."""
    return Step.BEGUN if entry.step is Step.BEGUN else Step.ANSWERED


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
        left = None if earlier is None or key not in touched else earlier.entry(key)
        lost = lost_secrets(key, before, after)
        digest = None
        if document is not None and after is not None:
            is_kept = key in kept and kept[key].text == after
            # What went without its secrets is another document than the one that had them.
            digest = kept[key].digest if is_kept else fingerprint(document.digest)
        entries.append(
            Entry(
                key=key,
                before=before,
                after=after,
                digest=digest,
                step=Step.WAITING if left is None else _left_at(left),
                secrets=lost if left is None else tuple(sorted({*lost, *left.secrets})),
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
