"""Names, ports and addresses on one PBX that get in each other's way."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import chain, combinations
from typing import TYPE_CHECKING

from confgen.load.faults import doubt, fault
from confgen.load.secret_references import reference
from confgen.load.settings import managed_parts, place_at, usable_at, value_at
from confgen.load.wording import as_seen_from
from confgen.load.yaml_tree import REFUSED, YamlMapping, YamlSequence, marked_items
from confgen.model.inventory import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from ipaddress import IPv4Address, IPv6Address

    from confgen.load.drafts import Drafts, PbxDraft
    from confgen.model.finding import Finding, Place

_TAKEN_NAMES = re.compile(r"global|system|tls(-.*)?")  # by sections of the PBX's configuration that confgen writes
_MIGHTY = ("system", "command", "config", "originate")  # classes of AMI that can change or run anything
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listener:
    """TCP ports that the PBX listens on."""

    name: str
    addresses: tuple[str, ...]
    first: int
    last: int
    place: Place


def faults_of_services(draft: PbxDraft, drafts: Drafts) -> Iterator[Finding]:
    """Two endpoints with one name, two services on one port, and services that stand too open."""
    if draft.traits.is_asked_by_api:  # its names and ports are its own
        return
    yield from chain(_name_faults(draft), _port_faults(draft, drafts), _bind_faults(draft), _class_faults(draft))


def _name_faults(draft: PbxDraft) -> Iterator[Finding]:
    for trunk in draft.all_trunks:
        if _TAKEN_NAMES.fullmatch(trunk.name):
            wrong = f"the name `{trunk.name}` is taken by what confgen itself writes for each PBX"
            yield fault("REF-06", wrong, "give the trunk another name", trunk.place)
    if not isinstance(draft.settings.get("probe"), YamlMapping):
        return
    name = usable_at(draft.settings, "probe", "name")
    place = place_at(draft.settings, "probe", "name") or draft.place
    if _TAKEN_NAMES.fullmatch(name):
        wrong = f"the name `{name}` is taken by what confgen itself writes for each PBX"
        yield fault("REF-06", wrong, "give the probe another name", place, draft.name)
    for trunk in draft.all_trunks:
        if trunk.name in {name, f"{name}-dtls"}:
            wrong = f"the probe of `{draft.name}` has the name of a trunk, `{name}` {as_seen_from(place, trunk.place)}"
            yield fault("REF-06", wrong, "give one of the two another name", place, draft.name)


def _port_faults(draft: PbxDraft, drafts: Drafts) -> Iterator[Finding]:
    settings = draft.settings
    listeners = list(_listeners(draft, drafts))
    for listener in listeners:
        if listener.last > _HIGHEST_PORT:
            wrong = f"{listener.name} would go beyond the port {_HIGHEST_PORT}"
            yield fault("REF-41", wrong, "write a lower port", listener.place, draft.name)
    for one, other in combinations(listeners, 2):
        port = max(one.first, other.first)
        if port <= min(one.last, other.last) and _meet(one.addresses, other.addresses):
            wrong = f"{one.name} and {other.name} of `{draft.name}` would both listen on port {port}"
            yield fault("REF-41", wrong, "give one of them another port", other.place, draft.name)
    written, parts = value_at(settings, "rtp", "ports"), managed_parts(settings)
    if written is REFUSED or parts is None or (written is None and Part.MEDIA not in parts):
        return  # where nothing is said of media that is not managed, its ports are not known
    ports = usable_at(settings, "rtp", "ports")
    first, last = map(int, ports.split("-"))
    for listener in listeners:
        port = max(first, listener.first)
        if port <= min(last, listener.last):
            place = place_at(settings, "rtp", "ports") or listener.place
            wrong = f"the RTP ports {ports} meet the port {port} of {listener.name}"
            yield fault("REF-08", wrong, "keep the two apart", place, draft.name)


def _listeners(draft: PbxDraft, drafts: Drafts) -> Iterator[_Listener]:
    settings = draft.settings
    binds = usable_at(settings, "sip", "bind")
    for name, section, key, many in (
        ("SIP", "sip", "port", 1),
        ("the transports to providers", "sip", "provider_port", _count_of_authorities(draft, drafts)),
        ("AMI", "ami", "port", 1),
        ("HTTP", "http", "port", 1),
    ):
        addresses = binds if section == "sip" else (value_at(settings, section, "bind"),)
        if value_at(settings, section, key) is REFUSED or not all(isinstance(one, str) for one in addresses):
            continue
        port = usable_at(settings, section, key)
        place = place_at(settings, section, key) or place_at(settings, section) or draft.place
        if many:
            yield _Listener(name=name, addresses=addresses, first=port, last=port + many - 1, place=place)


def _count_of_authorities(draft: PbxDraft, drafts: Drafts) -> int:
    """How many authorities of providers are not the PBX's own: each takes a transport."""
    own = reference(value_at(draft.settings, "certificate", "authority"), pbx=draft.name)
    named = {trunk.provider for trunk in draft.provider_trunks}
    written = (value_at(provider.written, "authority") for name, provider in drafts.providers.items() if name in named)
    return len({reference(authority, pbx=draft.name) for authority in written} - {own, None})


def _meet(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether two services could not listen side by side: on one address, or where one listens on all."""
    return any(
        one == other or (one.version == other.version and (one.is_unspecified or other.is_unspecified))
        for one in _addresses(some)
        for other in _addresses(others)
    )


def _bind_faults(draft: PbxDraft) -> Iterator[Finding]:
    for section, name in (("ami", "AMI"), ("http", "HTTP")):
        bind = value_at(draft.settings, section, "bind")
        if isinstance(bind, str) and any(address.is_unspecified for address in _addresses((bind,))):
            wrong = f"{name} of `{draft.name}` would listen on every address that its host has"
            mend = "write the one address that its users reach it by, such as 127.0.0.1"
            yield fault("REF-39", wrong, mend, place_at(draft.settings, section, "bind") or draft.place, draft.name)


def _class_faults(draft: PbxDraft) -> Iterator[Finding]:
    users = value_at(draft.settings, "ami", "users")
    if not isinstance(users, YamlMapping):
        return
    for name, user in users.items():
        classes = value_at(user, "write")
        if isinstance(classes, YamlSequence):
            for one, place in marked_items(classes):
                if one in _MIGHTY:
                    wrong = f"the AMI user `{name}` of `{draft.name}` may do anything there through the class {one}"
                    mend = f"take {one} out unless nothing less will do"
                    yield doubt("REF-40", wrong, mend, place, draft.name, subject=name)


def _addresses(texts: Iterable[str]) -> Iterator[IPv4Address | IPv6Address]:
    for text in texts:
        with suppress(ValueError):  # it has a finding of its own
            yield ip_address(text)
