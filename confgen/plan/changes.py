"""What differs between the documents a PBX should have and those it has."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from confgen.model.document import Action, Change
from confgen.model.plan import Plan
from confgen.plan.fingerprints import is_of, shown, shown_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from confgen.model.document import Document, Observed
    from confgen.model.driver import Driver, Observation, Staged
    from confgen.model.inventory import Pbx
    from confgen.model.plan import Difference

_NOTHING: Mapping[str, str] = MappingProxyType({})


def changed_keys(documents: Collection[Document], absent: Collection[str], observation: Observation) -> tuple[str, ...]:
    """Keys of the documents that are not as they should be, in order; an observed key that nobody manages is left."""
    desired = {document.key: document.digest for document in documents if not document.is_for_push}
    observed = observation.documents
    differing = {
        key
        for key, digest in desired.items()
        if key not in observed
        or not observed[key].is_ours
        or observed[key].is_drifted
        or not is_of(observed[key], digest, observation.fingerprint_key)
    }
    released = {key for key, found in observed.items() if found.is_released or found.is_leftover}
    return tuple(sorted(differing | released | {key for key in absent if key in observed}))


def plan(
    driver: Driver,
    pbx: Pbx,
    documents: Collection[Document],
    observation: Observation,
    texts: Mapping[str, str],
    *,
    written: Mapping[str, str] = _NOTHING,
    own: Mapping[str, str] = _NOTHING,
) -> Plan:
    """The changes with all texts masked; `texts` holds what was read under the changed keys.

    `written` is what confgen wrote, where it was changed or removed by hand since; `own` is what any of the texts
    refers to of the user's own.
    """
    desired = {document.key: document for document in documents}
    fingerprint = shown(observation.fingerprint_key)
    masked = {name: driver.mask(name, text, fingerprint) for name, text in own.items()}
    changes = tuple(
        replace(
            _change(driver, key, observation, before=texts.get(key), after=desired.get(key), fingerprint=fingerprint),
            written=driver.mask(key, written[key], fingerprint) if key in written else None,
        )
        for key in changed_keys(documents, driver.absent(pbx), observation)
    )
    return Plan(
        changes=changes,
        impact=driver.impact(changes),
        delta=driver.security_delta(changes),
        guarantees=driver.guarantees,
        facts=observation.facts,
        generation=observation.generation,
        differences=tuple(_by_inventory(driver, changes, masked)),
        weaker=tuple(driver.weaker(changes)),
        edits=tuple(_by_hand(driver, changes, masked)),
        calls=observation.calls,
        registered=len(observation.contacts),
        cut_off=tuple(driver.cut_off(pbx, observation, texts, documents)),
        irreversible=driver.irreversible(changes),
    )


def carried_changes(driver: Driver, staged: Staged) -> tuple[Change, ...]:
    """What is to be written of a generation that is carried, masked; who carries nothing has kept all of it."""
    after = {document.key: document for document in staged.carried}
    return tuple(
        Change(
            key=key,
            action=Action.REMOVE if key not in after else Action.CHANGE if key in staged.before else Action.ADD,
            before=None if key not in staged.before else driver.mask(key, staged.before[key], str),
            after=None if key not in after else driver.mask(key, after[key].reveal(), str),
            before_fingerprint=None,
            after_fingerprint=None,
        )
        for key in (staged.changed if staged.carried or staged.before else ())
    )


def _by_inventory(driver: Driver, changes: Collection[Change], own: Mapping[str, str]) -> Sequence[Difference]:
    """What the inventory changes: from what confgen wrote, or where it wrote nothing, from what is there."""
    before = {change.key: change.before if change.written is None else change.written for change in changes}
    return driver.differences(_known(before), _known({change.key: change.after for change in changes}), own)


def _by_hand(driver: Driver, changes: Collection[Change], own: Mapping[str, str]) -> Sequence[Difference]:
    """What was changed since confgen wrote it."""
    edited = [change for change in changes if change.written is not None]
    before = {change.key: change.written for change in edited}
    return driver.differences(_known(before), _known({change.key: change.before for change in edited}), own)


def _known(texts: Mapping[str, str | None]) -> Mapping[str, str]:
    return {key: text for key, text in texts.items() if text is not None}


def _change(
    driver: Driver,
    key: str,
    observation: Observation,
    *,
    before: str | None,
    after: Document | None,
    fingerprint: Callable[[str], str],
) -> Change:
    observed = observation.documents.get(key)
    return Change(
        key=key,
        action=_action(observed, is_wanted=after is not None),
        before=None if before is None else driver.mask(key, before, fingerprint),
        after=None if after is None else _masked(driver, after, fingerprint),
        before_fingerprint=None if observed is None else shown_of(observed, fingerprint),
        after_fingerprint=None if after is None else fingerprint(after.digest),
        is_foreign=observed is not None and not observed.is_ours,
        is_drifted=observed is not None and observed.is_drifted,
    )


def _masked(driver: Driver, document: Document, fingerprint: Callable[[str], str]) -> str:
    if document.content is None and document.on_host is not None:
        return f"({document.on_host.path} on the host, {fingerprint(document.digest)})\n"
    return driver.mask(document.key, document.reveal(), fingerprint)


def _action(observed: Observed | None, *, is_wanted: bool) -> Action:
    if observed is None:
        return Action.ADD
    if observed.is_released:
        return Action.GIVE_BACK
    return Action.CHANGE if is_wanted else Action.REMOVE
