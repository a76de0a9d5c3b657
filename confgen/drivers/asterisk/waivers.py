"""Level *state* of what a migration keeps in clear: it is there and waived, and nothing else is. Pure."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.contacts import CHAN_SIP, registered
from confgen.drivers.asterisk.migration import is_migrated, waived_listeners
from confgen.drivers.asterisk.sockets import Listener
from confgen.drivers.asterisk.verdicts import MEND_BY_PUSH, question
from confgen.model.inventory import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from confgen.drivers.asterisk.configuration import Section
    from confgen.model.check import Check
    from confgen.model.document import Document
    from confgen.model.inventory import Pbx


def names(pbx: Pbx, wanted: str, expected: Mapping[tuple[str, str], Section]) -> frozenset[str]:
    """Names of what a migration keeps, of one kind; none without the waiver."""
    found = (name for (kind, name), section in expected.items() if kind == wanted and is_migrated(section))
    return frozenset(found if pbx.migration is not None else ())


def sockets_of(pbx: Pbx, documents: Collection[Document]) -> tuple[Listener, ...]:
    """What a migration keeps open; nothing without the waiver."""
    kept = waived_listeners(documents) if pbx.migration is not None else ()
    return tuple(
        Listener(protocol=listener.protocol, address=str(ipaddress.ip_address(listener.address)), port=listener.port)
        for listener in kept
    )


def contact_checks(pbx: Pbx, blocks: Mapping[str, str]) -> Iterator[Check]:
    """Who uses the open port without a waiver: their calls fail both ways, and nothing else tells them."""
    if pbx.migration is None:
        return
    guards = Part.DIALPLAN in pbx.manages
    stays = "it calls nobody" if guards else "no guard of confgen's keeps it from calling in clear"
    lines = (line.partition(" ") for line in blocks.get("contacts", "").splitlines())
    peers = {trunk.name: trunk.peer for trunk in pbx.trunks}
    for contact in registered(pbx, [(word, rest) for word, _, rest in lines]):
        if contact.transport not in {"tls", "wss", CHAN_SIP} and contact.extension not in pbx.migration.extensions:
            peer = peers.get(contact.extension)
            who = f"the phone {contact.extension}" if peer is None else f"the PBX {peer}"
            yield question("CLEAR-08", contact.extension).pending(
                f"{who} registers over {contact.transport.upper()} from {contact.address}, "
                f"which is waived for others only: {stays} and nobody calls it until it registers over TLS"
            )


def socket_checks(pbx: Pbx, waived: Collection[Listener], found: Collection[Listener]) -> Iterator[Check]:
    """Each of these is open, which is waived, or is not, which is no service for its phones."""
    if pbx.migration is None:
        return
    for listener in waived:
        asked = question("CLEAR-02", str(listener))
        if listener in found:
            yield asked.waived(pbx.migration.words, f"Asterisk listens on {listener}")
        else:
            yield asked.failed(f"nothing listens on {listener}, which phones that are not moved need", MEND_BY_PUSH)
