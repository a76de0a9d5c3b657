"""One look at a 3CX: what it has under the keys of the inventory and of what confgen wrote, and how it stands."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx import records
from confgen.drivers.threecx.cut import cut_findings, is_cut_off
from confgen.drivers.threecx.impact import restarted
from confgen.drivers.threecx.lease import go_on, held
from confgen.drivers.threecx.objects import USERS, name_of, type_of
from confgen.drivers.threecx.present import present, present_before, reading_of
from confgen.drivers.threecx.records import last_texts
from confgen.drivers.threecx.requests import api_of, ask
from confgen.drivers.threecx.silenced import silenced
from confgen.drivers.threecx.sources import desired_paths
from confgen.drivers.threecx.texts import NOTHING, digest_of, paths_of, with_last_secrets
from confgen.drivers.threecx.unclear import Unclear, unclear
from confgen.drivers.threecx.who_answers import fake_in, version_in
from confgen.model.document import Observed
from confgen.model.driver import Contact, Observation
from confgen.model.finding import Finding
from confgen.model.version import ProductVersion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from confgen.drivers.threecx.objects import Path
    from confgen.drivers.threecx.present import Present
    from confgen.drivers.threecx.records import Journal, State
    from confgen.model.api import ApiAnswer
    from confgen.model.document import Document
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Lease
    from confgen.model.plan import CutOff

_STATUS = (
    "/SystemStatus?$select=Version,FQDN,CallsActive,ExtensionsRegistered,ExtensionsTotal,TrunksRegistered,TrunksTotal"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the shelf and the PBX told."""

    state: State
    journal: Journal | None
    objects: Mapping[str, Present]


def observe(host: Host, pbx: Pbx) -> Observation:
    """Writes nothing on the PBX; the first look makes the key for fingerprints on the operator's shelf."""
    shelf = api_of(host).shelf
    state, journal = records.state(shelf), records.journal(shelf)
    answered = ask(host, _STATUS)
    findings = _version_findings(pbx, answered)
    lacking: tuple[Finding, ...] = ()
    wanted = desired_paths(pbx)
    keys = _keys(wanted, state, journal)
    try:
        objects = {} if findings else present(host, keys, pbx.product_version)
    except Unclear as error:
        findings, objects = (unclear(pbx, error),), {}
    seen = Seen(state=state, journal=journal, objects=objects)
    if not findings:
        findings, lacking = cut_findings(pbx, journal, objects), _missing(pbx, wanted, objects)
    is_cut = is_cut_off(journal)
    return Observation(
        documents={key: _observed(key, one, seen, wanted) for key, one in sorted(objects.items())},
        generation=journal.generation if journal is not None and is_cut else state.generation,
        is_confirmed=not is_cut,
        generations=state.generations or ((0,) if is_cut else ()),  # a first push that was cut off is gone back from
        fingerprint_key=records.fingerprint_key(shelf),
        facts=_facts(answered, wanted),
        identity=str(answered.body.get("FQDN") or ""),
        held=held(shelf, time.time()),
        calls=_calls(answered),
        contacts=tuple(_contacts(objects)),
        findings=findings,
        lacking=lacking,
    )


def read(host: Host, pbx: Pbx, keys: Collection[str]) -> Mapping[str, str]:
    """What the PBX has of what the inventory says, and of what confgen wrote; secrets by their fingerprints."""
    shelf = api_of(host).shelf
    last = last_texts(records.state(shelf), records.journal(shelf))
    wanted = desired_paths(pbx)
    found = {}
    for key, one in present_before(host, pbx, keys).items():
        paths = wanted.get(key) or paths_of(last.get(key, NOTHING))
        found[key] = with_last_secrets(key, reading_of(key, one, paths), last.get(key))
    return found


def calls(host: Host, pbx: Pbx, lease: Lease) -> int | None:
    """How many calls are in progress, None where the PBX does not tell; the lease goes on."""
    go_on(host, pbx, lease)
    return _calls(ask(host, "/SystemStatus?$select=CallsActive"))


def _keys(wanted: Mapping[str, Any], state: State, journal: Journal | None) -> frozenset[str]:
    under_way = () if journal is None else (entry.key for entry in journal.entries)
    return frozenset((*wanted, *state.written, *under_way))


def _observed(key: str, one: Present, seen: Seen, wanted: Mapping[str, Collection[Path]]) -> Observed:
    written = seen.state.written.get(key)
    entry = None if seen.journal is None else seen.journal.entry(key)
    if entry is not None and entry.is_touched and entry.after is not None:
        # A push that was cut off wrote it, or may have: it is ours to write again, whatever it is now.
        is_made = entry.before is None
        digest = digest_of(reading_of(key, one, paths_of(entry.after)))
        return Observed(digest=digest, is_ours=True, is_leftover=key not in wanted and is_made)
    if written is None:
        return Observed(digest=digest_of(reading_of(key, one, wanted.get(key, ()))), is_ours=False)
    reading = reading_of(key, one, paths_of(written.reading))
    is_same = reading == written.reading
    return Observed(
        digest=written.digest if is_same else digest_of(reading),
        is_keyed=is_same,
        is_ours=True,
        is_drifted=not is_same,
        is_leftover=key not in wanted and written.is_made,
    )


def _missing(pbx: Pbx, wanted: Mapping[str, Any], objects: Mapping[str, Present]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            code="TCX-21",
            message=f"extension {name_of(key)} is not on the PBX, and confgen makes no users there: "
            "its department, its rights and its licence are not in the inventory",
            mend="make it in the console, or import it there (Users, Import); confgen secures it from then on",
            place=next((one.place for one in pbx.extensions if f"{USERS.name}/{one.number}" == key), pbx.place),
            pbx=pbx.name,
        )
        for key in sorted(wanted)
        if type_of(key) is USERS and key not in objects
    )


def _contacts(objects: Mapping[str, Present]) -> Iterator[Contact]:
    """3CX tells that a phone is registered, and neither how nor from where."""
    for key, one in objects.items():
        if type_of(key) is USERS and one.answered.get("IsRegistered") is True:
            yield Contact(extension=name_of(key), transport="untold", address="untold")


def _version_findings(pbx: Pbx, answered: ApiAnswer) -> tuple[Finding, ...]:
    told = version_in(answered)
    try:
        runs = ProductVersion.parse(".".join(told.split(".")[:3]))
    except ValueError:
        return (_other_version(pbx, f"which version of 3CX runs could not be told ({told[:20]!r})"),)
    if runs == pbx.product_version:
        return ()
    return (_other_version(pbx, f"3CX {runs} runs, and the inventory says {pbx.product_version}"),)


def _other_version(pbx: Pbx, message: str) -> Finding:
    return Finding(
        code="PUSH-12",
        message=message,
        mend="write the version that runs into product_version: fields of the API come and go with it",
        place=pbx.place,
        pbx=pbx.name,
    )


def _calls(answered: ApiAnswer) -> int | None:
    told = answered.body.get("CallsActive")
    return told if isinstance(told, int) else None


def _facts(answered: ApiAnswer, wanted: Collection[str]) -> Mapping[str, str]:
    told = answered.body
    facts = {"version": f"3CX {version_in(answered)}"}
    if fake_in(answered):
        facts["no 3CX"] = fake_in(answered)
    for name, what in (("extensions", "Extensions"), ("trunks", "Trunks")):
        registered, total = told.get(f"{what}Registered"), told.get(f"{what}Total")
        if isinstance(registered, int) and isinstance(total, int):
            facts[name] = f"{registered} of {total} registered"
    if restarted(wanted):
        facts["restarted"] = f"{', '.join(restarted(wanted))} for a new certificate: nothing else is"
    return facts


def cut_off(
    _pbx: Pbx, observation: Observation, texts: Mapping[str, str], documents: Collection[Document]
) -> Sequence[CutOff]:
    """Phones that may go silent, or be refused, by what is demanded of them at once. Pure."""
    return silenced(observation, texts, [one for one in documents if not one.is_for_push])
