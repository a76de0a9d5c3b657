"""Back to a generation that was confirmed, or to what was there before confgen, as far as that was kept: no secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.threecx import records
from confgen.drivers.threecx.impact import impact_of
from confgen.drivers.threecx.masking import lost_secrets
from confgen.drivers.threecx.objects import USERS, in_order, name_of, type_of
from confgen.drivers.threecx.origins import origins_of
from confgen.drivers.threecx.present import differing, present_before
from confgen.drivers.threecx.requests import api_of
from confgen.drivers.threecx.staging import before, touched_keys
from confgen.drivers.threecx.texts import filled_from, with_last_secrets
from confgen.model.document import Document
from confgen.model.driver import PushRefused, Staged
from confgen.model.finding import Finding, Severity
from confgen.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from confgen.drivers.threecx.present import Present
    from confgen.drivers.threecx.records import Journal, State
    from confgen.model.driver import Observation
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Lease
    from confgen.model.shelf import Shelf


def stage_kept(host: Host, pbx: Pbx, _observation: Observation, generation: int, lease: Lease) -> Staged:
    """What a generation says, and where it says nothing, what was there before confgen."""
    shelf = api_of(host).shelf
    state, journal = records.state(shelf), records.journal(shelf)
    target = {
        key: None if text is None else _as_it_can_be(key, text, state)
        for key, text in _target(state, journal, _texts(shelf, generation)).items()
    }
    objects = present_before(host, pbx, target.keys())
    target = {key: text for key, text in target.items() if not _is_gone(key, objects)}
    changed = {key: text for key, text in target.items() if _is_to_be_written(key, text, objects.get(key), journal)}
    _need_retrievable(pbx, changed, objects)
    return Staged(
        generation=generation,
        previous=state.generation or 0,
        impact=impact_of(changed),
        changed=in_order(changed),
        lease=lease,
        carried=_documents({key: text for key, text in target.items() if text is not None}),
        before=before(objects, changed, state, journal),
    )


def _is_gone(key: str, objects: Mapping[str, Present]) -> bool:
    """Users are made by people: where one is not there any more, all else goes back without."""
    return type_of(key) is USERS and key not in objects


def kept(host: Host, pbx: Pbx, generation: int) -> Sequence[Document]:
    """The documents of a generation, with stand-ins for their secrets; of generation 0, what was there before.

    Without the users who are not there any more, for whom no push is to blame: confgen removes none.
    """
    texts = _texts(api_of(host).shelf, generation)
    objects = present_before(host, pbx, [key for key in texts if type_of(key) is USERS])
    return _documents({key: text for key, text in texts.items() if not _is_gone(key, objects)})


def written(host: Host, _pbx: Pbx, _generation: int) -> Mapping[str, str]:
    """What confgen wrote last, with stand-ins for secrets."""
    return {key: one.text for key, one in records.state(api_of(host).shelf).written.items()}


def is_going_back(host: Host, staged: Staged) -> bool:
    """Whether what was staged was there before, and is not what the inventory says now."""
    return staged.generation == 0 or records.generation(api_of(host).shelf, staged.generation) is not None


def lost(host: Host, pbx: Pbx, staged: Staged) -> Sequence[Finding]:
    """Secrets that do not come back with the generation, for nobody has kept them."""
    shelf = api_of(host).shelf
    if not is_going_back(host, staged):
        return ()  # a push, which has them all
    state, texts = records.state(shelf), _texts(shelf, staged.generation)
    found = {
        key: lost_secrets(key, state.written[key].text, text) for key, text in texts.items() if key in state.written
    }
    return [
        *_without(pbx, staged, texts),
        *_other_secrets(pbx, staged, found),
    ]


def _without(pbx: Pbx, staged: Staged, texts: Mapping[str, str]) -> Iterator[Finding]:
    carried = {document.key for document in staged.carried}
    for key in sorted(texts.keys() - carried):
        yield Finding(
            code="TCX-21",
            message=f"extension {name_of(key)} is not on the PBX any more, and confgen makes no users: "
            f"generation {staged.generation} comes back without it",
            mend="make it in the console, if it is wanted, and push it",
            severity=Severity.WARNING,
            place=pbx.place,
            pbx=pbx.name,
        )


def _other_secrets(pbx: Pbx, staged: Staged, found: Mapping[str, Sequence[str]]) -> list[Finding]:
    return [
        Finding(
            code="TCX-28",
            message=f"{key}: {', '.join(names)} stays what it is, for confgen keeps no secret; generation "
            f"{staged.generation} had another one",
            mend="where the old one is wanted, put it back into the inventory and push that",
            severity=Severity.WARNING,
            place=pbx.place,
            pbx=pbx.name,
        )
        for key, names in sorted(found.items())
        if names
    ]


def _texts(shelf: Shelf, generation: int) -> Mapping[str, str]:
    if generation == 0:
        return {key: text for key, text in records.state(shelf).origins.items() if text is not None}
    found = records.generation(shelf, generation)
    if found is None:
        raise KeyError(f"generation {generation} is not kept")
    return {key: one.text for key, one in found.items()}


def _documents(texts: Mapping[str, str]) -> tuple[Document, ...]:
    return tuple(Document(key=key, content=Secret(text)) for key, text in sorted(texts.items()))


def _target(state: State, journal: Journal | None, wanted: Mapping[str, str]) -> Mapping[str, str | None]:
    """What only a later generation wrote is given back as it was before that one."""
    origins = origins_of(state, journal)
    target: dict[str, str | None] = {**origins.before, **wanted}
    for key, text in wanted.items():
        earlier = origins.before.get(key) or origins.firsts.get(key)
        target[key] = text if earlier is None else filled_from(key, text, [earlier])
    return target


def _as_it_can_be(key: str, text: str, state: State) -> str:
    """With the secrets that the PBX has now."""
    last = state.written[key].text if key in state.written else None
    if type_of(key).is_whole and last is not None and lost_secrets(key, last, text):
        return last  # a certificate whose key is another one would end every TLS connection
    return with_last_secrets(key, text, last)


def _is_to_be_written(key: str, text: str | None, one: Present | None, journal: Journal | None) -> bool:
    if text is None:
        return one is not None
    return one is None or bool(differing(key, text, one)) or key in touched_keys(journal)


def _need_retrievable(pbx: Pbx, wanted: Mapping[str, str | None], objects: Mapping[str, Present]) -> None:
    gone = sorted(key for key, text in wanted.items() if text is not None and key not in objects)
    gone = [key for key in gone if type_of(key).has_irretrievable]
    if gone:
        raise PushRefused(
            Finding(
                code="TCX-27",
                message=f"{', '.join(gone)} was removed since, and cannot be made again as it was: nobody has kept it "
                "with its secrets",
                mend="put it back into the inventory and push that",
                place=pbx.place,
                pbx=pbx.name,
            )
        )
