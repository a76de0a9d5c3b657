"""Which ports anything on the host listens on: the second witness where the wire is silent."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from confgen.model.host import Command, HostError

if TYPE_CHECKING:
    from confgen.model.host import Host

Port = tuple[str, int]  # "tcp" or "udp", and the number

_READ = Command(
    argv=("sh", "-c", "for t in tcp tcp6 udp udp6; do echo === $t; cat /proc/net/$t 2>/dev/null; done; echo === end")
)
_LISTENING = {"tcp": "0A", "udp": "07"}  # states in /proc/net: LISTEN, and a UDP socket that is not connected


def listening_ports(host: Host) -> frozenset[Port] | None:
    """Every port that a socket of the host takes what comes from elsewhere on; None when the host could not tell.

    What listens on loopback alone hears nobody but the host itself.
    """
    try:
        answer = host.run(_READ).stdout.decode(errors="replace").splitlines()
    except HostError:
        return None
    if "=== tcp" not in answer or answer[-1:] != ["=== end"]:
        return None
    found = set()
    protocol = ""
    for line in answer:
        if line.startswith("=== "):
            protocol = line.removeprefix("=== ")[:3]
            continue
        fields = line.split()
        if len(fields) > 3 and fields[3] == _LISTENING.get(protocol):  # noqa: PLR2004 -- number, local, remote, state
            address, _, port = fields[1].rpartition(":")
            if not _is_loopback(address):
                found.add((protocol, int(port, 16)))
    return frozenset(found)


def _is_loopback(text: str) -> bool:
    """/proc/net writes addresses as 32-bit words in the machine's own byte order, which is little on all we know."""
    words = [bytes.fromhex(text[start : start + 8])[::-1] for start in range(0, len(text), 8)]
    address = ipaddress.ip_address(b"".join(words))
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
