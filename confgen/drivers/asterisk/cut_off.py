"""Which of the phones that are registered now could not come back. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import credentials
from confgen.drivers.asterisk.addresses import network_of
from confgen.drivers.asterisk.configuration import effective, includes, objects, parse
from confgen.drivers.asterisk.contacts import CHAN_SIP
from confgen.drivers.asterisk.layout import MIGRATION
from confgen.drivers.asterisk.migration import protocol_of
from confgen.model.inventory import ClientCertificates
from confgen.model.plan import CutOff

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from confgen.drivers.asterisk.addresses import Network
    from confgen.drivers.asterisk.configuration import Section
    from confgen.drivers.asterisk.credentials import Credentials
    from confgen.model.document import Document
    from confgen.model.driver import Contact, Observation
    from confgen.model.inventory import Pbx

    Objects = Mapping[tuple[str, str], Section]

_ENCRYPTED = frozenset({"tls", "wss"})
_TLS_PORT = 5061
_SIP = ("pjsip.conf", "sip.conf", MIGRATION)  # what decides who can register


def cut_off(
    pbx: Pbx, observation: Observation, texts: Mapping[str, str], documents: Collection[Document]
) -> Sequence[CutOff]:
    """Contacts that could not register any more, with the first reason why; a change without SIP cuts off nobody.

    What neither side tells is no reason: TLS versions that a phone may have, hashes of different realms, phones of
    files of the user's own.
    """
    if not any(key in texts for key in _SIP):
        return ()
    before, after = _before(texts), _after(documents)
    told = ((contact, _reason(pbx, contact, before, after)) for contact in observation.contacts)
    return tuple(
        CutOff(extension=contact.extension, contact=f"{contact.transport} {contact.address}", reason=reason)
        for contact, reason in told
        if reason is not None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """What is there now."""

    pjsip: Objects | None  # None where pjsip.conf stays as it is
    included: frozenset[str]
    wizards: Mapping[str, Section]
    peers: Mapping[str, Section] | None  # None where sip.conf stays as it is, or is not there


@dataclass(frozen=True, slots=True, kw_only=True)
class _After:
    """What will be there."""

    pjsip: Objects
    included: frozenset[str]  # files of the user's own

    def transports(self, endpoint: Section) -> tuple[Section, ...]:
        """Those by which an endpoint's phone may register: in clear only where its migration lasts."""
        found = (section for (kind, _), section in self.pjsip.items() if kind == "transport")
        return tuple(section for section in found if protocol_of(section) in _ENCRYPTED or _is_migrated(endpoint))


def _before(texts: Mapping[str, str]) -> _Before:
    text = texts.get("pjsip.conf")
    wizards = {section.name: section for section in parse(texts.get("pjsip_wizard.conf", ""))}
    peers = {section.name: section for section in parse(texts["sip.conf"])} if "sip.conf" in texts else None
    return _Before(
        pjsip=None if text is None else objects(effective(texts, "pjsip.conf").sections),
        included=frozenset(entry.name for entry in includes(text or "")),
        wizards={name: section for name, section in wizards.items() if section.value("type") == "wizard"},
        peers=peers,
    )


def _after(documents: Collection[Document]) -> _After:
    texts = {document.key: document.reveal() for document in documents if document.key in _SIP}
    return _After(
        pjsip=objects(effective(texts, "pjsip.conf").sections),
        included=frozenset(entry.name for entry in includes(texts["pjsip.conf"])) - {MIGRATION},
    )


def _reason(pbx: Pbx, contact: Contact, before: _Before, after: _After) -> str | None:
    if contact.transport == CHAN_SIP:
        if before.peers is None:
            return None  # sip.conf is not there any more, and its peers are in Asterisk's memory only
        contact = replace(contact, transport=_transport_of_peer(before.peers, contact.extension))
    endpoint = after.pjsip.get(("endpoint", contact.extension))
    if endpoint is None:
        return None if _may_be_in_own_file(contact, before, after) else "is not in the inventory any more"
    contact = replace(contact, transport=_certain_transport(contact, before))
    transports = [section for section in after.transports(endpoint) if protocol_of(section) == contact.transport]
    if not transports:
        return f"registers over {contact.transport.upper()}"
    return next(
        (
            reason
            for reason in (
                _password_reason(contact, before, after, endpoint),
                _permit_reason(contact, before, endpoint),
                _port_reason(contact, before, transports),
                _certificate_reason(pbx, contact, before),
            )
            if reason is not None
        ),
        None,
    )


def _may_be_in_own_file(contact: Contact, before: _Before, after: _After) -> bool:
    """Whether a phone that no document knows may be one of a file of the user's own, which is not looked into here."""
    is_known = before.pjsip is not None and ("endpoint", contact.extension) in before.pjsip
    return bool(after.included) and not (is_known and after.included == before.included)


def _certain_transport(contact: Contact, before: _Before) -> str:
    """A contact that names no transport reads as UDP, and is TLS where Asterisk has nothing else."""
    if before.pjsip is None or before.included:
        return contact.transport
    offered = {protocol_of(section) for (kind, _), section in before.pjsip.items() if kind == "transport"}
    return offered.pop() if len(offered) == 1 else contact.transport


def _transport_of_peer(peers: Mapping[str, Section], name: str) -> str:
    """The first that a section of sip.conf names is what it registers by, as far as its file tells."""
    said = (peers[section].value("transport") for section in (name, "general") if section in peers)
    return next((text for text in said if text), "udp").split(",")[0].strip().lower()


def _password_reason(contact: Contact, before: _Before, after: _After, endpoint: Section) -> str | None:
    was = tuple(_known(contact, before))
    becomes = tuple(credentials.of_endpoint(after.pjsip, endpoint))
    answers = [new.takes(old) for old in was for new in becomes]
    if not answers or any(answer is not False for answer in answers):
        return None
    if {entry.username for entry in was}.isdisjoint(entry.username for entry in becomes):
        return "registers under another name than it will have to"
    return "has another password"


def _known(contact: Contact, before: _Before) -> Iterator[Credentials]:
    """What the phone is let in by now."""
    name = contact.extension
    if before.peers is not None and name in before.peers:
        yield from credentials.of_peer(before.peers.get("general"), before.peers[name])
    if name in before.wizards:
        yield from credentials.of_wizard(before.wizards[name])
    endpoint = (before.pjsip or {}).get(("endpoint", name))
    if endpoint is not None:
        yield from credentials.of_endpoint(before.pjsip or {}, endpoint)


def _permit_reason(contact: Contact, before: _Before, endpoint: Section) -> str | None:
    networks = [network_of(text) for text in endpoint.values("permit")]
    if _is_migrated(endpoint) or not networks or None in networks:
        return None
    try:
        address = ipaddress.ip_address(contact.address.rpartition(":")[0].strip("[]"))
    except ValueError:
        return None  # a name, or an address without a port
    permitted = [network for network in networks if network is not None]
    if any(address in network for network in permitted) or not _is_where_it_comes_from(
        contact, before, address, permitted
    ):
        return None
    return "is at an address that `permit` leaves out"


def _is_where_it_comes_from(
    contact: Contact,
    before: _Before,
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
    permitted: Iterable[Network],
) -> bool:
    """Whether what a phone says of its own address is enough: behind NAT it knows a private one only.

    Where only private networks are permitted, it is left out wherever it is.
    """
    endpoint = (before.pjsip or {}).get(("endpoint", contact.extension))
    is_rewritten = endpoint is not None and (endpoint.value("rewrite_contact") or "").lower() in {
        "yes",
        "true",
        "1",
        "on",
    }
    return is_rewritten or not address.is_private or all(network.is_private for network in permitted)


def _port_reason(contact: Contact, before: _Before, transports: Sequence[Section]) -> str | None:
    was = {_port(section) for section in _transports(before, contact.transport)}
    becomes = {_port(section) for section in transports}
    if not was or was & becomes:
        return None
    ports = (", ".join(map(str, sorted(found))) for found in (was, becomes))
    return "registers at the port {}, which becomes {}".format(*ports)


def _certificate_reason(pbx: Pbx, contact: Contact, before: _Before) -> str | None:
    """A phone that was never asked for a certificate is one that may have none; one that showed it has it."""
    if pbx.certificate.client_certificates is not ClientCertificates.REQUIRED or contact.transport not in _ENCRYPTED:
        return None
    was = _transports(before, contact.transport)
    if not was or any((section.value("require_client_cert") or "no").lower() == "yes" for section in was):
        return None
    return "was never asked for a certificate, and must show one"


def _transports(before: _Before, protocol: str) -> list[Section]:
    found = ((kind, section) for (kind, _), section in (before.pjsip or {}).items())
    return [section for kind, section in found if kind == "transport" and protocol_of(section) == protocol]


def _port(transport: Section) -> int:
    _, _, port = (transport.value("bind") or "").rpartition(":")
    return int(port) if port.isdecimal() else _TLS_PORT if protocol_of(transport) in _ENCRYPTED else 5060


def _is_migrated(endpoint: Section) -> bool:
    return endpoint.place is not None and endpoint.place.file == MIGRATION
