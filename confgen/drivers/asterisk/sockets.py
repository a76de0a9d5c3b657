"""The sockets of the Asterisk process, from /proc/net. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from confgen.model.inventory import PortRange

_LISTEN = "0A"
_UNCONNECTED = "07"
# pjlib's resolver holds one UDP socket of each family on a port that the kernel chose.
_KERNEL_CHOSEN_FROM = 32768


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Listener:
    """A socket that takes what comes: TCP in LISTEN, or UDP that is not connected."""

    protocol: str  # "tcp" or "udp"
    address: str
    port: int

    def __str__(self) -> str:
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.protocol} {address}:{self.port}"


def listeners(blocks: Mapping[str, str]) -> tuple[Listener, ...]:
    """The listeners whose sockets the process holds."""
    inodes = frozenset(blocks.get("sockets", "").split())
    found = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        protocol = table[:3]
        wanted = _LISTEN if protocol == "tcp" else _UNCONNECTED
        for row in blocks.get(f"/proc/net/{table}", "").splitlines()[1:]:
            fields = row.split()
            if len(fields) > 9 and fields[3] == wanted and fields[9] in inodes:  # noqa: PLR2004 -- columns of /proc/net
                address, _, port = fields[1].partition(":")
                found.add(Listener(protocol=protocol, address=_address(address), port=int(port, 16)))
    return tuple(sorted(found))


def undeclared(
    found: Iterable[Listener], *, tcp_binds: frozenset[tuple[str, int]], rtp_ports: PortRange | None
) -> tuple[Listener, ...]:
    """Listeners that no part of the inventory explains; media has no ports where no call is up."""
    left = []
    resolvers = set()
    for listener in found:
        if listener.protocol == "tcp":
            if (listener.address, listener.port) not in tcp_binds:
                left.append(listener)
        elif rtp_ports is not None and rtp_ports.first <= listener.port <= rtp_ports.last + 1:
            continue
        elif _may_be_resolver(listener) and listener.address not in resolvers:
            resolvers.add(listener.address)
        else:
            left.append(listener)
    return tuple(left)


def _may_be_resolver(listener: Listener) -> bool:
    return listener.port >= _KERNEL_CHOSEN_FROM and ipaddress.ip_address(listener.address).is_unspecified


def _address(text: str) -> str:
    """/proc/net writes addresses as 32-bit words in the machine's own byte order, which is little on all we know."""
    words = [bytes.fromhex(text[start : start + 8])[::-1] for start in range(0, len(text), 8)]
    return str(ipaddress.ip_address(b"".join(words)))
