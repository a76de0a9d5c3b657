"""Level *clear*: nothing takes SIP in clear text."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.model.check import Check, Level, Question, Vantage, Verdict
from confgen.streams.tcp import Address, WireError
from confgen.verify.target import TIMEOUT
from confgen.verify.wire.clear_probe import (
    Alerted,
    Answered,
    HungUp,
    NoAnswer,
    PortClosed,
    PortOpen,
    PortUnreachable,
    probe_clear_text,
    probe_tcp,
    probe_udp,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from confgen.verify.inside_ports import Port
    from confgen.verify.target import Target
    from confgen.verify.wire.clear_probe import TcpAnswer, UdpAnswer

_SIP_PORT = 5060
_UDP_TIMEOUT = 1.5  # seconds: silence is the rule where ICMP is limited
_ONLY_WITNESS_TIMEOUT = 3.0  # seconds: Linux tells a closed port once in a second at least
_ASK_THE_HOST = "`ss -lntu` on the host shows what listens; a firewall that rejects instead of dropping answers too"
_UDP_SOON = 0.4  # seconds
_ROUND_TRIPS = 4
_MEND = "remove what listens there, then restart Asterisk: a reload leaves the socket of a removed transport open"


def clear_checks(
    target: Target, inside: frozenset[Port] | None, waived: Collection[Port] = (), waiver: str = ""
) -> Iterator[Check]:
    """Clear text to the TLS port, and the ports where SIP in clear text usually is; `inside` are the host's own.

    `waived` are ports that somebody answers for, in the words of `waiver`: open, they read waived.
    """
    tcp = [_SIP_PORT] if target.address.port != _SIP_PORT else []  # where TLS listens on 5060, it is rightly open
    udp = dict.fromkeys((_SIP_PORT, target.address.port))
    with ThreadPoolExecutor(max_workers=len(tcp) + len(udp), thread_name_prefix="clear") as pool:
        found = {("tcp", port): pool.submit(_tcp, target, port, inside) for port in tcp}
        begun = time.monotonic()
        yield _clear_text_to_tls(target)
        took = time.monotonic() - begun
        for port in udp:
            patience = _patience(took, ("udp", port), inside) if target.has_inside else _ONLY_WITNESS_TIMEOUT
            found["udp", port] = pool.submit(_udp, target, port, inside, patience)
        for asked, check in found.items():
            yield _waived(check.result(), waiver) if asked in waived else check.result()


def _patience(took: float, port: Port, inside: frozenset[Port] | None) -> float:
    """How long a datagram is waited for, in seconds; Linux tells of one closed port in a second, and then keeps quiet.

    Where the host has told that nothing listens, only somebody in between could still answer, such as a NAT: that is
    waited for as long as several answers of the PBX itself `took`, and what it answers counts, whatever the host tells.
    """
    if inside is None or port in inside:
        return _UDP_TIMEOUT
    return min(_UDP_TIMEOUT, max(_UDP_SOON, _ROUND_TRIPS * took))


def _waived(check: Check, waiver: str) -> Check:
    """What is open is waived; what is closed, or not told, is as it is."""
    if check.verdict is not Verdict.FAILED:
        return check
    return replace(check, verdict=Verdict.WAIVED, message=f"{waiver}: {check.message}", mend="")


def _clear_text_to_tls(target: Target) -> Check:
    subject = f"tcp {target}"
    try:
        answer = probe_clear_text(target.dial, target.address, TIMEOUT)
    except WireError as error:
        return _question("CLEAR-03", subject, target.vantage).unknown(f"no connection: {error}")
    match answer:
        case Answered() if answer.is_sip:
            return _question("CLEAR-03", subject, target.vantage).failed(
                f"SIP in clear text was answered {answer.status}", "no TLS is spoken on the TLS port: push again"
            )
        case Answered():
            return _question("CLEAR-03", subject, target.vantage).unknown("clear text was answered, but not with SIP")
        case Alerted(alert=alert):
            return _question("CLEAR-03", subject, target.vantage).passed(f"clear text is refused with {alert}")
        case HungUp():
            return _question("CLEAR-03", subject, target.vantage).passed("clear text is dropped")
        case NoAnswer():
            return _question("CLEAR-03", subject, target.vantage).unknown("clear text is not answered, nor dropped")


def _tcp(target: Target, port: int, inside: frozenset[Port] | None) -> Check:
    return _closed(
        target, ("tcp", port), probe_tcp(target.dial, Address(host=target.address.host, port=port), TIMEOUT), inside
    )


def _udp(target: Target, port: int, inside: frozenset[Port] | None, timeout: float) -> Check:
    if target.vantage is not Vantage.OPERATOR and not target.has_inside:
        subject = f"udp {Address(host=target.address.host, port=port)}"
        return _question("CLEAR-04", subject, target.vantage).not_checked(
            "no datagram goes through SSH, and this host is asked nothing"
        )
    if target.vantage is not Vantage.OPERATOR:  # no datagram goes through SSH: only the host itself can tell
        return _closed(target, ("udp", port), NoAnswer(), inside)
    return _closed(target, ("udp", port), probe_udp(Address(host=target.address.host, port=port), timeout), inside)


def _closed(target: Target, port: Port, answer: TcpAnswer | UdpAnswer, inside: frozenset[Port] | None) -> Check:
    subject = f"{port[0]} {Address(host=target.address.host, port=port[1])}"
    match answer:
        case PortClosed():
            return _refused(_question("CLEAR-04", subject, target.vantage), port, inside)
        case PortOpen():
            return _question("CLEAR-04", subject, target.vantage).failed("open", _MEND)
        case Answered() if answer.is_sip:
            return _question("CLEAR-04", subject, target.vantage).failed(
                f"SIP in clear text was answered {answer.status}", _MEND
            )
        case Answered():
            return _question("CLEAR-04", subject, target.vantage).failed("something answers", _MEND)
        case NoAnswer() | PortUnreachable() if not target.has_inside:
            return _question("CLEAR-04", subject, target.vantage).unknown(
                "silent: a firewall, or lost packets; only the host itself can tell", _ASK_THE_HOST
            )
        case NoAnswer() | PortUnreachable():
            return _inside(subject, port, inside)


def _refused(asking: Question, port: Port, inside: frozenset[Port] | None) -> Check:
    """A firewall may refuse us and nobody else, and an address may be closed where another one is open."""
    if inside is not None and port in inside:
        words = "refused from here, and a socket on the host listens there: a firewall, or another address"
        return asking.failed(words, _MEND)
    return asking.passed("closed")


def _inside(subject: str, port: Port, inside: frozenset[Port] | None) -> Check:
    """Silence proves nothing; that no socket has the port does."""
    if inside is None:
        return _question("CLEAR-04", subject, Vantage.INSIDE).unknown("silent, and the host did not tell its sockets")
    if port in inside:
        return _question("CLEAR-04", subject, Vantage.INSIDE).failed("a socket on the host listens there", _MEND)
    return _question("CLEAR-04", subject, Vantage.INSIDE).passed("no socket on the host listens there")


def _question(code: str, subject: str, vantage: Vantage) -> Question:
    return Question(code=code, level=Level.CLEAR, subject=subject, vantage=vantage)
