"""All levels that a PBX must prove, in order."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from confgen.model.check import Check, Level, Vantage, Verdict
from confgen.verify.clear_level import clear_checks
from confgen.verify.downgrade_level import downgrade_checks
from confgen.verify.identity import identity
from confgen.verify.inside_ports import listening_ports
from confgen.verify.target import for_calls, management_targets, targets
from confgen.verify.tls_level import management_tls_checks, tls_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from confgen.model.document import Document
    from confgen.model.driver import Driver, Material
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.verify.target import Target


def prove(
    host: Host, pbx: Pbx, driver: Driver, documents: Collection[Document], step: Callable[[str], None]
) -> tuple[Check, ...]:
    """Measure what `pbx.verification` asks for; nothing on the PBX is changed."""
    pbx = _without_ended_waiver(pbx)
    checks: list[Check] = []
    if Level.STATE in pbx.verification.levels:
        step("proving state")
        checks.extend(driver.state(host, pbx, documents))
    material = driver.material(host, pbx, documents)
    with identity(pbx, material) as client_certificate:
        checks.extend(_from_outside(targets(host, pbx, material, client_certificate), host, pbx, material, step))
    return tuple(checks) or (_nothing_asked(pbx),)


def _without_ended_waiver(pbx: Pbx) -> Pbx:
    """A kept generation may carry a waiver that has ended since: what it serves in clear is waived no more."""
    if pbx.migration is None or datetime.now(UTC).date() <= pbx.migration.until:
        return pbx
    return replace(pbx, migration=None)


def _from_outside(
    found: tuple[Target, ...], host: Host, pbx: Pbx, material: Material, step: Callable[[str], None]
) -> Iterator[Check]:
    levels = pbx.verification.levels
    if Level.TLS in levels:
        step("proving tls")
        for target in found:
            yield from tls_checks(target, pbx, material, _local_address(target))
        for target in management_targets(host, pbx):
            yield from management_tls_checks(target, pbx, material)
    if Level.CLEAR in levels:
        step("proving clear")
        inside = listening_ports(host)
        waived = {(listener.protocol, listener.port) for listener in material.waived_listeners}
        for target in found:
            if pbx.migration is None:
                yield from clear_checks(target, inside)
            else:
                yield from clear_checks(target, inside, waived, pbx.migration.words)
    if Level.DOWNGRADE in levels:
        step("proving downgrade")
        for target in for_calls(found, pbx):
            yield from downgrade_checks(target, pbx, material, _local_address(target))


def _local_address(target: Target) -> str:
    """Our own address as the PBX would see it, for what our SIP messages say; nothing is sent."""
    if target.vantage is not Vantage.OPERATOR:
        return target.address.host
    try:
        found = socket.getaddrinfo(target.address.host, target.address.port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(found[0], socket.SOCK_DGRAM) as datagrams:
            datagrams.connect(found[4])
            local: str = datagrams.getsockname()[0]
            return local
    except OSError:
        return "127.0.0.1"


def _nothing_asked(pbx: Pbx) -> Check:
    return Check(
        code="STATE-01",
        level=Level.STATE,
        subject=pbx.name,
        verdict=Verdict.UNKNOWN,
        vantage=pbx.verification.vantage,
        message="no level was asked for, so nothing is proven",
    )
