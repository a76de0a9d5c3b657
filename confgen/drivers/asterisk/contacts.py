"""Where phones are registered, from the contacts that Asterisk keeps. Pure."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from confgen.model.driver import Contact
from confgen.model.inventory import Peering

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confgen.model.inventory import Pbx

CHAN_SIP = "chan_sip"  # of peers that chan_sip knows: by which transport they register, its list does not tell

_URI = re.compile(
    r"(?P<scheme>sips?):(?:[^@]*@)?(?P<address>(?:\[[0-9A-Fa-f:.]+\]|[^:;?>\[\]\s]+)(?::\d+)?)(?P<parameters>[^?>]*)",
    re.IGNORECASE,
)
_TRANSPORT = re.compile(r";transport=(?P<transport>[A-Za-z0-9.+!%*_`'~-]+)", re.IGNORECASE)
_LISTED = re.compile(r"(?P<name>[^/\s]+)/(?P<uri>sips?:\S+)\s+[0-9a-f]{10}\s")
_PEER = re.compile(r"(?P<name>[^/\s]+)(?:/\S*)?\s+(?P<host>[0-9A-Fa-f.:]+)\s+D\s.*?\s(?P<port>\d+)\s+[A-Z]")


def contacts(pbx: Pbx, answer: Iterable[tuple[str, str]]) -> tuple[Contact, ...]:
    """Those of phones, from the lines of the host's script; trunks and the probe register nobody's phone.

    A peer that registers has its password and its way here from the same inventory: no change here cuts it off.
    """
    peers = {trunk.name for trunk in pbx.trunks}
    return tuple(contact for contact in registered(pbx, answer) if contact.extension not in peers)


def registered(pbx: Pbx, answer: Iterable[tuple[str, str]]) -> tuple[Contact, ...]:
    """Those of phones, and of peers that register."""
    called = {trunk.name for trunk in pbx.trunks if trunk.peering is not Peering.PEER_REGISTERS}
    called.update(trunk.name for trunk in pbx.provider_trunks)
    called.update(pbx.probes.values())
    return tuple(contact for contact in _contacts(answer) if contact.extension not in called)


def _contacts(answer: Iterable[tuple[str, str]]) -> Iterator[Contact]:
    for word, rest in answer:
        match word:
            case "registrar":
                yield from _kept(rest)
            case "contact" if (listed := _LISTED.match(rest)) is not None:
                yield from _of_uri(listed["name"], listed["uri"])
            case "peer" if (peer := _PEER.match(rest)) is not None:
                yield Contact(extension=peer["name"], transport=CHAN_SIP, address=_joined(peer["host"], peer["port"]))
            case _:
                pass


def _kept(row: str) -> Iterator[Contact]:
    """`101;@<hash>: {"uri":…, "endpoint":…}`, a line of Asterisk's own database."""
    key, _, text = row.partition(": ")
    try:
        said = json.loads(text)
    except ValueError:
        return
    if isinstance(said, dict) and isinstance(said.get("uri"), str):
        endpoint = said.get("endpoint")
        name = endpoint if isinstance(endpoint, str) and endpoint else key.rpartition(";@")[0]
        yield from _of_uri(name, said["uri"])


def _of_uri(name: str, uri: str) -> Iterator[Contact]:
    found = _URI.match(uri)
    if found is None:
        return
    said = _TRANSPORT.search(found["parameters"])
    # RFC 3261 §26.2.2: sips: is TLS; RFC 3263 §4.1: sip: without a transport is UDP
    usual = "tls" if found["scheme"].lower() == "sips" else "udp"
    transport = usual if said is None else said["transport"].lower()
    if usual == "tls" and transport == "tcp":  # as RFC 3261 §26.2.2 wants it written
        transport = "tls"
    yield Contact(extension=name, transport=transport, address=found["address"])


def _joined(host: str, port: str) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
