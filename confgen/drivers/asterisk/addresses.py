"""Addresses and networks: their families, which hold which, and the ones by which those outside reach a PBX. Pure."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from confgen.model.inventory import Pbx

Network = IPv4Network | IPv6Network


def nat_values(pbx: Pbx, address: str) -> Mapping[str, Any]:
    """What those outside the local networks are told; there is one external address, so one family is concerned."""
    if pbx.nat is None or family(address) != family(pbx.nat.external_address):
        return {"external_address": "", "local_networks": []}
    networks = [network for network in pbx.nat.local_networks if family(network) == family(address)]
    local = [ip_network(network, strict=False) for network in networks]
    own = ip_address(address)
    if not own.is_unspecified and not any(own in network for network in local):
        local.append(ip_network(own))  # only an address that is local itself is exchanged for the external one
    return {"external_address": pbx.nat.external_address, "local_networks": [str(network) for network in local]}


def carries_ipv6(pbx: Pbx, networks: Iterable[str]) -> bool:
    """Whether the media of those who come from these networks is IPv6: an endpoint has the one or the other."""
    return {family(address) for address in pbx.bind} == {6} or {family(network) for network in networks} == {6}


def family(address: str) -> int:
    """4 or 6, of an address or a network; a name is taken for one of IPv4."""
    return 6 if ":" in address else 4


def network_of(text: str) -> Network | None:
    """The network that an option names; None where it names something else."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def is_within(inner: Network, outer: Network) -> bool:
    """Whether all of a network lies in another one."""
    match inner, outer:
        case (IPv4Network(), IPv4Network()) | (IPv6Network(), IPv6Network()):
            return inner.network_address in outer and inner.prefixlen >= outer.prefixlen
        case _:
            return False
