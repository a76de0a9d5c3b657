"""Address families of a PBX, and the addresses by which those outside reach it. Pure."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from confgen.model.inventory import Pbx


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
