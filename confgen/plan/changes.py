"""What differs between the documents a PBX should have and those it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from confgen.model.document import Action, Change
from confgen.model.plan import Plan
from confgen.plan.fingerprints import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from confgen.model.document import Document, Observed
    from confgen.model.driver import Driver, Observation
    from confgen.model.inventory import Pbx


def changed_keys(documents: Collection[Document], absent: Collection[str], observation: Observation) -> tuple[str, ...]:
    """Keys of the documents that are not as they should be, in order; an observed key that nobody manages is left."""
    desired = {document.key: document.digest for document in documents}
    observed = observation.documents
    differing = {
        key
        for key, digest in desired.items()
        if key not in observed
        or not observed[key].is_ours
        or observed[key].is_drifted
        or observed[key].digest != digest
    }
    released = {key for key, found in observed.items() if found.is_released}
    return tuple(sorted(differing | released | {key for key in absent if key in observed}))


def plan(
    driver: Driver,
    pbx: Pbx,
    documents: Collection[Document],
    observation: Observation,
    texts: Mapping[str, str],
) -> Plan:
    """The changes with both texts masked; `texts` holds what was read under the changed keys."""
    desired = {document.key: document for document in documents}
    fingerprint = shown(observation.fingerprint_key)
    changes = tuple(
        _change(driver, key, observation, before=texts.get(key), after=desired.get(key), fingerprint=fingerprint)
        for key in changed_keys(documents, driver.absent(pbx), observation)
    )
    return Plan(
        changes=changes,
        impact=driver.impact(changes),
        delta=driver.security_delta(changes),
        guarantees=driver.guarantees,
        facts=observation.facts,
        generation=observation.generation,
        differences=tuple(driver.differences(_texts(changes, "before"), _texts(changes, "after"))),
        weaker=tuple(driver.weaker(changes)),
        calls=observation.calls,
        registered=len(observation.contacts),
        cut_off=tuple(driver.cut_off(pbx, observation, texts, documents)),
    )


def _texts(changes: Collection[Change], side: Literal["before", "after"]) -> Mapping[str, str]:
    found = {change.key: change.before if side == "before" else change.after for change in changes}
    return {key: text for key, text in found.items() if text is not None}


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
        before_fingerprint=None if observed is None else fingerprint(observed.digest),
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
