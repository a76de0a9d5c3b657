"""Phones that are not moved yet: what served them before confgen, copied into a file of its own. Pure.

Their lines are copied as they stand. Two are added, marked as confgen's: the context that calls enter where confgen
writes the dialplan, and the realm that a phone was challenged with, which is confgen's otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration import effective, objects, parse
from confgen.drivers.asterisk.layout import MIGRATION
from confgen.drivers.asterisk.migrated_lines import copied
from confgen.drivers.asterisk.providers import FIRST_TRANSPORT, provider_transports
from confgen.model.driver import WaivedListener
from confgen.model.finding import Finding
from confgen.model.inventory import Part
from confgen.model.migration import Migration

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from confgen.drivers.asterisk.configuration import Section
    from confgen.drivers.asterisk.migrated_lines import Added
    from confgen.model.document import Document
    from confgen.model.finding import Place
    from confgen.model.inventory import Pbx

    Objects = Mapping[tuple[str, str], Section]

BEFORE = ("pjsip.conf", "pjsip_wizard.conf", "sip.conf")  # where phones were described
_USUAL_REALM = "asterisk"
_SIP_PORT = 5060
_HEAD = "; Waived until {until} for {extensions} by {owner}: as it stood before confgen, which renders none of it.\n"
_READ = re.compile(
    r"; Waived until (?P<until>\d{4}-\d\d-\d\d) for (?P<extensions>[0-9, ]+) by (?P<owner>.*): as it stood .*"
)
_ACCESS_LISTS = ("acl", "contact_acl")
_MENDS = {
    "MIG-03": "take it out of `migration`: confgen renders it",
    "MIG-04": "move the phone before, or describe it in pjsip.conf on the host first: `confgen explain MIG-04`",
    "MIG-05": "move the phone before, or mend this on the host: `confgen explain MIG-05`",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The file of a migration, and why some of its phones cannot be kept."""

    text: str
    findings: tuple[Finding, ...]


def migrated(pbx: Pbx, migration: Migration, before: Mapping[str, str]) -> Kept:
    """`before` holds the texts of what was there before confgen, by name, with all that pjsip.conf includes."""
    found = effective(before, "pjsip.conf")
    known = objects(found.sections)
    faults: dict[str, tuple[str, str]] = {}
    needed: dict[tuple[str, str], Section] = {}
    for number in migration.extensions:
        endpoint = known.get(("endpoint", number))
        if endpoint is None:
            faults[number] = _absent(number, before)
            continue
        objects_of_it = dict(_objects_of(number, endpoint, known))
        wrong = next(_unfit(pbx, migration, endpoint, objects_of_it, known), None)
        if wrong is not None:
            faults[number] = ("MIG-05", wrong)
        needed |= objects_of_it
    lines = ""
    if not faults:
        added = {section.place: tuple(_added(pbx, kind, section, known)) for (kind, _), section in needed.items()}
        lines, wrong = copied(before, needed, added)
        if wrong is not None:
            faults[migration.extensions[0]] = ("MIG-05", wrong)
    head = _HEAD.format(
        until=migration.until.isoformat(), extensions=", ".join(migration.extensions), owner=migration.owner
    )
    return Kept(
        text=head + lines,
        findings=tuple(
            Finding(
                code=code,
                message=f"the phone {number} cannot be kept as it is: {wrong}",
                mend=_MENDS[code],
                place=migration.place,
                pbx=pbx.name,
            )
            for number, (code, wrong) in faults.items()
        ),
    )


def waiver_of(text: str, place: Place) -> Migration | None:
    """The waiver that a file of a migration carries; None where it carries none."""
    match = _READ.fullmatch(text.partition("\n")[0])
    if match is None:
        return None
    return Migration(
        extensions=tuple(match["extensions"].split(", ")),
        owner=match["owner"],
        until=date.fromisoformat(match["until"]),
        place=place,
    )


def is_migrated(section: Section) -> bool:
    """Whether a section stands in the file of a migration."""
    return section.place is not None and section.place.file == MIGRATION


def waived_listeners(documents: Collection[Document]) -> Sequence[WaivedListener]:
    """Where phones that are not moved yet register."""
    text = next((document.reveal() for document in documents if document.key == MIGRATION), "")
    return tuple(_listener(section) for section in parse(text, MIGRATION) if section.value("type") == "transport")


def _listener(transport: Section) -> WaivedListener:
    address, _, port = (transport.value("bind") or "").rpartition(":")
    if not port.isdecimal() or (":" in address and not address.startswith("[")):  # without a port
        address, port = transport.value("bind") or "", str(_SIP_PORT)
    protocol = (transport.value("protocol") or "udp").lower()
    return WaivedListener(name=transport.name, protocol=protocol, address=address.strip("[]"), port=int(port))


def _absent(number: str, before: Mapping[str, str]) -> tuple[str, str]:
    for key, what in (("sip.conf", "it is a peer of chan_sip"), ("pjsip_wizard.conf", "pjsip_wizard.conf makes it")):
        if any(section.name == number for section in parse(before.get(key, ""), key)):
            return "MIG-04", what
    return "MIG-03", "the pjsip.conf that was there has no endpoint of that name"


def _objects_of(number: str, endpoint: Section, known: Objects) -> Iterator[tuple[tuple[str, str], Section]]:
    """The endpoint, and what it names and is named by."""
    yield ("endpoint", number), endpoint
    for option, kind in (("auth", "auth"), ("outbound_auth", "auth"), ("aors", "aor")):
        for name in _names(endpoint, option):
            if (kind, name) in known:
                yield (kind, name), known[kind, name]
    for key, section in known.items():
        if key[0] == "identify" and section.value("endpoint") == number:
            yield key, section
    for transport in _transports(endpoint, known):
        yield ("transport", transport.name), transport


def _transports(endpoint: Section, known: Objects) -> Sequence[Section]:
    """The one that it names; where it names none, each by which its phone may register in clear."""
    named = endpoint.value("transport")
    if named:
        return [known["transport", named]] if ("transport", named) in known else []
    found = (section for (kind, _), section in known.items() if kind == "transport")
    return [section for section in found if protocol_of(section) in {"udp", "tcp"}]


def _unfit(pbx: Pbx, migration: Migration, endpoint: Section, objects_of_it: Objects, known: Objects) -> Iterator[str]:
    """Why it would not serve the phone any more, or serve more than it."""
    kinds = {kind for kind, _ in objects_of_it}
    if "aor" not in kinds:
        yield "its aor is not there"
    if "identify" not in kinds and not _names(endpoint, "auth"):
        yield "it has no `auth`: whoever knows its name may call"
    missing = [name for name in _names(endpoint, "auth") if ("auth", name) not in known]
    if missing:
        yield f"its auth {missing[0]} is not there"
    if "transport" not in kinds:
        yield "there is no UDP or TCP transport that it could register by"
    for (kind, _), section in objects_of_it.items():
        if kind == "transport":
            yield from _unfit_transport(pbx, section)
    rendered = _rendered_names(pbx, migration)
    for kind, name in objects_of_it:
        if name in rendered or name.startswith(f"{FIRST_TRANSPORT}-"):
            yield f"confgen renders something under the name {name} of its {kind}"
    lists = [name for option in _ACCESS_LISTS for name in _names(endpoint, option)]
    if lists and Part.MANAGEMENT in pbx.manages:
        yield f"it needs the access list {lists[0]} of acl.conf, which confgen manages"


def _unfit_transport(pbx: Pbx, transport: Section) -> Iterator[str]:
    listener = _listener(transport)
    if len(pbx.bind) > 1:  # an endpoint is held to one transport, or to none
        yield "the PBX has several addresses in `bind`, so that other phones could be called by the port in clear too"
    if listener.protocol not in {"udp", "tcp"}:
        yield f"its transport {transport.name} is {listener.protocol}, and only UDP and TCP are kept"
    elif listener.protocol == "tcp" and listener.port in _ports(pbx):
        yield f"its transport {transport.name} listens on TCP port {listener.port}, which confgen's own takes"


def _ports(pbx: Pbx) -> frozenset[int]:
    return frozenset({pbx.sip_port, *(transport.port for transport in provider_transports(pbx).values())})


def _rendered_names(pbx: Pbx, migration: Migration) -> frozenset[str]:
    return frozenset(
        {
            *(extension.number for extension in pbx.extensions if extension.number not in migration.extensions),
            *(trunk.name for trunk in pbx.trunks),
            *(trunk.name for trunk in pbx.provider_trunks),
            *pbx.probes.values(),
            *("global", "system", FIRST_TRANSPORT),
        }
    )


def _added(pbx: Pbx, kind: str, section: Section, known: Objects) -> Iterator[Added]:
    """What confgen adds to a section, so that it goes on to mean what it meant."""
    if kind == "endpoint" and Part.DIALPLAN in pbx.manages:
        yield "context", "phones"
    if kind == "auth" and not section.value("realm"):
        settings = known.get(("global", "global"))
        yield "realm", (settings and settings.value("default_realm")) or _USUAL_REALM


def _names(section: Section, option: str) -> list[str]:
    return [name for written in (section.value(option) or "").split(",") if (name := written.strip())]


def protocol_of(transport: Section) -> str:
    """As Asterisk takes it: UDP where nothing is said."""
    return (transport.value("protocol") or "udp").lower()
