"""Networks that let in whoever comes, and addresses that only the host itself reaches."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# 10.0.0.0/8 is the widest network that a company can have to itself (RFC 1918), and fc00::/7 in IPv6 (RFC 4193).
_NARROWEST_OF_NOBODY = {4: 7, 6: 6}  # bits; from here on down it is no company's


def wide_network(networks: Iterable[str]) -> str | None:
    """The first network that is wider than any company's; None where there is none."""
    for network in networks:
        parsed = ip_network(network, strict=False)
        if parsed.prefixlen <= _NARROWEST_OF_NOBODY[parsed.version]:
            return network
    return None


def is_loopback(address: str) -> bool:
    """Whether only the host itself reaches it."""
    return ip_address(address).is_loopback


def is_address(text: str) -> bool:
    """Whether this is an IP address, and no name."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
