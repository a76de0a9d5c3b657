"""Where a PBX is looked at, and through what."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.model.check import Vantage
from confgen.streams.tcp import Address, connect

if TYPE_CHECKING:
    from collections.abc import Callable

    from confgen.model.driver import Material
    from confgen.model.host import Host
    from confgen.model.inventory import Ami, HttpServer, Pbx
    from confgen.streams.tcp import Dial
    from confgen.streams.tls import ClientCertificate

TIMEOUT = 4.0  # seconds, for each single probe


def never() -> bool:
    """Of who cannot be asked to stop."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One TLS port of a PBX as one vantage sees it."""

    dial: Dial
    address: Address
    domain: str
    vantage: Vantage
    client_certificate: ClientCertificate | None  # what we show where one is demanded
    is_for_providers: bool = False  # its clients answer to a provider's authority: ours proves nothing there
    has_inside: bool = True  # its host can be asked where the wire is silent
    is_called_off: Callable[[], bool] = never  # what goes on comes to its end, and nobody is called any more

    def __str__(self) -> str:
        return str(self.address)


def targets(
    host: Host, pbx: Pbx, material: Material, client_certificate: ClientCertificate | None, outward: Dial = connect
) -> tuple[Target, ...]:
    """Every declared TLS port; an address that means `all of them` is looked at where the host is reached.

    `outward` dials from this machine.
    """
    own = dict.fromkeys(_seen(bind, pbx.sip_port, pbx) for bind in pbx.bind)
    to_providers = (_seen(listener.address, listener.port, pbx) for listener in material.provider_listeners)
    return tuple(
        Target(
            dial=host.dial if vantage is Vantage.HOST else outward,
            address=address,
            domain=pbx.domain,
            vantage=vantage,
            client_certificate=client_certificate if (address, vantage) in own else None,
            is_for_providers=(address, vantage) not in own,
        )
        for address, vantage in (*own, *to_providers)
    )


def management_targets(host: Host, pbx: Pbx, outward: Dial = connect) -> tuple[Target, ...]:
    """The TLS ports of the manager interface and the HTTP server; one on loopback only the host itself can reach."""
    return tuple(_management_target(host, pbx, server, outward) for server in (pbx.ami, pbx.http) if server is not None)


def _management_target(host: Host, pbx: Pbx, server: Ami | HttpServer, outward: Dial) -> Target:
    is_from_host = pbx.verification.vantage is Vantage.HOST or ipaddress.ip_address(server.bind).is_loopback
    return Target(
        dial=host.dial if is_from_host else outward,
        address=Address(host=server.bind, port=server.port),
        domain=pbx.domain,
        vantage=Vantage.HOST if is_from_host else pbx.verification.vantage,
        client_certificate=None,
    )


def for_calls(found: tuple[Target, ...], pbx: Pbx) -> tuple[Target, ...]:
    """The first address of a family that the probe may come from; every one leads to the same endpoints."""
    networks = () if pbx.probe is None else pbx.probe.permit
    families = {":" in network for network in networks}
    return tuple(sorted(found, key=lambda target: (":" in target.address.host) not in families)[:1])


def _seen(bind: str, port: int, pbx: Pbx) -> tuple[Address, Vantage]:
    """From outside, `all addresses` is where the host is reached; the host itself has its loopback for that."""
    if pbx.is_seen_by_host(bind):
        return Address(host=_of_itself(bind), port=port), Vantage.HOST
    is_everywhere = ipaddress.ip_address(bind).is_unspecified
    return Address(host=pbx.ssh.address if is_everywhere else bind, port=port), pbx.verification.vantage


def _of_itself(address: str) -> str:
    """An address as the host itself reaches it."""
    bind = ipaddress.ip_address(address)
    return {4: "127.0.0.1", 6: "::1"}[bind.version] if bind.is_unspecified else address
