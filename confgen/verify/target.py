"""Where a PBX is looked at, and through what."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.model.check import Vantage
from confgen.verify.wire.stream import Address, connect

if TYPE_CHECKING:
    from confgen.model.driver import Material
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.verify.wire.handshake import ClientCertificate
    from confgen.verify.wire.stream import Dial

TIMEOUT = 4.0  # seconds, for each single probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One TLS port of a PBX as one vantage sees it."""

    dial: Dial
    address: Address
    domain: str
    vantage: Vantage
    client_certificate: ClientCertificate | None  # what we show where one is demanded
    is_for_providers: bool = False  # its clients answer to a provider's authority: ours proves nothing there

    def __str__(self) -> str:
        return str(self.address)


def targets(
    host: Host, pbx: Pbx, material: Material, client_certificate: ClientCertificate | None
) -> tuple[Target, ...]:
    """Every declared TLS port; an address that means `all of them` is looked at where the host is reached."""
    match pbx.verification.vantage:
        case Vantage.HOST:
            dial: Dial = host.dial
            everywhere = {4: "127.0.0.1", 6: "::1"}
        case _:
            dial = connect
            everywhere = {4: pbx.ssh.address, 6: pbx.ssh.address}
    own = dict.fromkeys(Address(host=_seen(bind, everywhere), port=pbx.sip_port) for bind in pbx.bind)
    to_providers = (
        Address(host=_seen(listener.address, everywhere), port=listener.port)
        for listener in material.provider_listeners
    )
    return tuple(
        Target(
            dial=dial,
            address=address,
            domain=pbx.domain,
            vantage=pbx.verification.vantage,
            client_certificate=client_certificate if address in own else None,
            is_for_providers=address not in own,
        )
        for address in (*own, *to_providers)
    )


def _seen(address: str, everywhere: dict[int, str]) -> str:
    bind = ipaddress.ip_address(address)
    return everywhere[bind.version] if bind.is_unspecified else address
