"""Proof from the wire alone, of a PBX that no inventory describes: nothing is known of it, and nothing written."""

from __future__ import annotations

import socket
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from confgen.model.check import Level, Question, Vantage
from confgen.model.depth import level_words
from confgen.streams.tcp import Address
from confgen.verify.clear_level import clear_checks
from confgen.verify.expectation import Profile, of_profile
from confgen.verify.outsider_calls import calls_checks
from confgen.verify.outsider_mends import for_outsiders
from confgen.verify.prove import at_once, local_address, of_target
from confgen.verify.target import Target, never
from confgen.verify.tls_level import tls_checks
from confgen.verify.wire.digest import Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from confgen.model.check import Check
    from confgen.model.outside import Outsider, Wanted
    from confgen.streams.tcp import Dial

_OF_IPV6 = 4  # parts of a socket address: address, port, flow and scope
NO_WAY = "OUT-02"  # of an address of the host that this machine has no way to
_LEVELS = frozenset(Level) - {Level.STATE}


class NotFound(Exception):
    """The name of a host leads nowhere, or nowhere that this machine has a way to."""

    exit_code = 4


def prove_outside(
    outsider: Outsider,
    wanted: Wanted,
    *,
    dial: Dial,
    calling: Callable[[str], AbstractContextManager[object]],
    step: Callable[[str], None],
    is_called_off: Callable[[], bool] = never,
) -> tuple[Check, ...]:
    """Measure what `wanted` asks for at every address of the host, all levels at once; NotFound where it has none.

    `calling`, of an address, is held while calls are made there, so that no extension is called, or calls, twice at
    once. Once it `is_called_off` nobody is called any more.
    """
    levels = wanted.depth.levels
    step(f"proving {level_words(levels & _LEVELS)}")
    addresses = _addresses(outsider)
    targets = [
        Target(
            dial=dial,
            address=Address(host=address, port=outsider.port),
            domain=outsider.name,
            vantage=Vantage.OPERATOR,
            client_certificate=None,
            has_inside=False,
            is_called_off=is_called_off,
        )
        for address in addresses
        if _leads_there(address)
    ]
    if not targets:
        raise NotFound(f"this machine has no way to {' or '.join(addresses)}")
    parts: list[Callable[[], Iterable[Check]]] = [
        partial(_left_out, outsider, levels, [address for address in addresses if not _leads_there(address)])
    ]
    if Level.TLS in levels:
        expected = of_profile(Profile(wanted.profile), (outsider.name,), wanted.authority)
        parts += [
            partial(of_target, Level.TLS, target, partial(tls_checks, target, expected, local_address(target)))
            for target in targets
        ]
    if Level.CLEAR in levels:
        parts += [partial(of_target, Level.CLEAR, target, partial(clear_checks, target, None)) for target in targets]
    if with_calls := levels & {Level.DOWNGRADE, Level.CALL}:
        first = min(with_calls, key=list(Level).index)
        parts.append(partial(of_target, first, targets[0], partial(_calls, targets, wanted, calling)))
    return tuple(for_outsiders(check) for checks in at_once(parts) for check in checks)


def _calls(
    targets: Sequence[Target], wanted: Wanted, calling: Callable[[str], AbstractContextManager[object]]
) -> Iterator[Check]:
    """At one address after the other; where there are several, each check names its own."""
    trial = Trial()
    for target in targets:
        host = target.address.host
        for check in calls_checks(target, wanted, local_address(target), calling(host), trial):
            yield check if len(targets) == 1 else replace(check, subject=f"{check.subject} at {host}")


def _left_out(outsider: Outsider, levels: frozenset[Level], without_way: Sequence[str]) -> Iterable[Check]:
    """What nobody can look at from here."""
    if Level.STATE in levels:
        yield _question("OUT-01", Level.STATE, "what it runs").not_checked(
            "absent: without an inventory there is nothing to compare with, and nobody logs in"
        )
    for address in without_way:
        yield _question(NO_WAY, Level.TLS, address).not_checked(
            f"{outsider.host} has this address too, and this machine has no way to it"
        )


def _addresses(outsider: Outsider) -> tuple[str, ...]:
    """Every address that the name leads to."""
    try:
        found = socket.getaddrinfo(outsider.host, outsider.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # a name whose labels are too long is a UnicodeError
        reason = getattr(error, "strerror", None) or "it is no name that DNS can hold"
        raise NotFound(f"{outsider.host} does not resolve: {reason}") from error
    return tuple(dict.fromkeys(_scoped(sockaddr) for *_, sockaddr in found))


def _scoped(sockaddr: tuple[object, ...]) -> str:
    """An address of IPv6 with its scope, without which one like fe80::1 leads nowhere (RFC 4007 §11)."""
    address, *_, scope = sockaddr
    return f"{address}%{scope}" if len(sockaddr) == _OF_IPV6 and scope else str(address)


def _leads_there(address: str) -> bool:
    """Whether this machine has a route; nothing is sent."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as datagrams:
            datagrams.connect((address, 9))
    except OSError:
        return False
    return True


def _question(code: str, level: Level, subject: str) -> Question:
    return Question(code=code, level=level, subject=subject, vantage=Vantage.OPERATOR)
