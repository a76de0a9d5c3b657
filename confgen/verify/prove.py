"""All levels that a PBX must prove, in order."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from confgen.model import days
from confgen.model.check import Check, Level, Vantage, Verdict
from confgen.streams.blanking import blanked
from confgen.verify.expectation import DAYS_LEFT, of_choosing_pbx, of_management, of_pbx
from confgen.verify.guarded import guarded
from confgen.verify.identity import identity
from confgen.verify.inside_ports import listening_ports
from confgen.verify.target import for_calls, management_targets, never, targets
from confgen.verify.wire.digest import Trial
from confgen.verify.wire.polite import PoliteDial

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from confgen.model.document import Document
    from confgen.model.driver import Driver, Material
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.verify.target import Target


_ORDER = {level: position for position, level in enumerate(Level)}


def prove(
    host: Host,
    pbx: Pbx,
    driver: Driver,
    documents: Collection[Document],
    step: Callable[[str], None],
    days_left: int = DAYS_LEFT,
    is_called_off: Callable[[], bool] = never,
) -> tuple[Check, ...]:
    """Measure what `pbx.verification` asks for, all levels at once; nothing on the PBX is changed.

    A served certificate that ends within `days_left` days fails. Once it `is_called_off` nobody is called any more.
    What fails and no setting of the product could mend reads "not enforceable".
    """
    pbx = _without_ended_waiver(pbx)
    asked = [level for level in Level if level in pbx.verification.levels]
    if not asked:
        return (_nothing_asked(pbx),)
    step(f"proving {', '.join(level.value for level in asked)}")
    material = driver.material(host, pbx, documents)
    outward = PoliteDial()
    with identity(pbx, material) as client_certificate:
        found = tuple(
            replace(target, is_called_off=is_called_off, has_inside=not driver.traits.is_asked_by_api)
            for target in targets(host, pbx, material, client_certificate, outward)
        )
        parts: list[Callable[[], Iterable[Check]]] = [
            partial(_inside_then_calls, partial(driver.state, host, pbx, documents), found, pbx, material)
        ]
        if Level.TLS in asked:
            from confgen.verify.tls_level import tls_checks  # noqa: PLC0415 -- each level brings much, and is asked for or not

            measure = of_choosing_pbx if driver.traits.chooses_tls else of_pbx
            expected = replace(measure(pbx, material), days_left=days_left)
            looked_at = [(target, expected) for target in found]
            looked_at += [
                (target, replace(of_management(pbx, material), days_left=days_left))
                for target in management_targets(host, pbx, outward)
            ]
            parts += [
                partial(of_target, Level.TLS, target, partial(tls_checks, target, expectation, local_address(target)))
                for target, expectation in looked_at
            ]
        if Level.CLEAR in asked:
            parts.append(partial(_clear, found, host, pbx, material))
        checks = driver.not_enforceable(pbx).applied(check for checks in at_once(parts) for check in checks)
        return tuple(sorted(checks, key=lambda check: _ORDER[check.level]))


def at_once(parts: Sequence[Callable[[], Iterable[Check]]]) -> list[tuple[Check, ...]]:
    """The checks of each part, with no secret in what they say; most of the time is spent waiting."""
    if len(parts) == 1:
        return [_told(parts[0])]
    with ThreadPoolExecutor(max_workers=len(parts) or 1, thread_name_prefix="prove") as pool:
        return list(pool.map(_told, parts))


def _told(part: Callable[[], Iterable[Check]]) -> tuple[Check, ...]:
    return tuple(map(_blanked, part()))


def _blanked(check: Check) -> Check:
    """A far end may send our own words back, and a check tells what came."""
    return replace(check, message=blanked(check.message))


def of_target(level: Level, target: Target, checks: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    """The checks of one level at one port, guarded."""
    return guarded(level, str(target), target.vantage, checks)


def _without_ended_waiver(pbx: Pbx) -> Pbx:
    """A kept generation may carry a waiver that has ended since: what it serves in clear is waived no more."""
    if pbx.migration is None or days.today() <= pbx.migration.until:
        return pbx
    return replace(pbx, migration=None)


def _clear(found: Sequence[Target], host: Host, pbx: Pbx, material: Material) -> Iterator[Check]:
    from confgen.verify.clear_level import clear_checks  # noqa: PLC0415 -- as above

    inside = listening_ports(host) if any(target.has_inside for target in found) else None
    waived = {(listener.protocol, listener.port) for listener in material.waived_listeners}
    for target in found:
        words = () if pbx.migration is None else (waived, pbx.migration.words)
        yield from of_target(Level.CLEAR, target, partial(clear_checks, target, inside, *words))


def _inside_then_calls(
    state: Callable[[], Iterable[Check]], found: tuple[Target, ...], pbx: Pbx, material: Material
) -> Iterator[Check]:
    """What the PBX tells of itself, and then our calls: their media would stand among its sockets."""
    levels = pbx.verification.levels
    if Level.STATE in levels:
        yield from guarded(Level.STATE, pbx.name, Vantage.INSIDE, state)
    if not {Level.DOWNGRADE, Level.CALL}.isdisjoint(levels):
        for target in for_calls(found, pbx):
            yield from _calls(target, pbx, material)


def _calls(target: Target, pbx: Pbx, material: Material) -> Iterator[Check]:
    """One after the other: there is one probe, and no PBX is called twice at once or told a wrong password twice."""
    trial = Trial()
    if Level.DOWNGRADE in pbx.verification.levels:
        from confgen.verify.downgrade_level import downgrade_checks  # noqa: PLC0415 -- as above

        level = partial(downgrade_checks, target, pbx, material, local_address(target), trial)
        yield from of_target(Level.DOWNGRADE, target, level)
    if Level.CALL in pbx.verification.levels:
        from confgen.verify.call_level import call_checks  # noqa: PLC0415 -- brings libsrtp, which only a call needs

        level = partial(call_checks, target, pbx, material, local_address(target), trial)
        yield from of_target(Level.CALL, target, level)


def local_address(target: Target) -> str:
    """Our own address as the PBX would see it, for what our SIP messages say; nothing is sent."""
    if target.vantage is not Vantage.OPERATOR:
        return target.address.host
    with suppress(OSError, UnicodeError):
        for family, *_, sockaddr in socket.getaddrinfo(
            target.address.host, target.address.port, type=socket.SOCK_DGRAM
        ):
            with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as datagrams:
                datagrams.connect(sockaddr)  # no way leads to some, which a TCP connection passes over too
                local: str = datagrams.getsockname()[0]
                return local
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
