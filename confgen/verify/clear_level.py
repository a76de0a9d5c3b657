"""Level *clear*: nothing takes SIP in clear text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.model.check import Check, Level, Question, Vantage, Verdict
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
from confgen.verify.wire.stream import Address, WireError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from confgen.verify.inside_ports import Port
    from confgen.verify.target import Target
    from confgen.verify.wire.clear_probe import TcpAnswer, UdpAnswer

_SIP_PORT = 5060
_UDP_TIMEOUT = 1.5  # seconds: silence is the rule where ICMP is limited
_ONLY_WITNESS_TIMEOUT = 3.0  # seconds: Linux tells a closed port once in a second at least
_ASK_THE_HOST = "`ss -lntu` on the host shows what listens; a firewall that rejects instead of dropping answers too"
_MEND = "remove what listens there, then restart Asterisk: a reload leaves the socket of a removed transport open"


def clear_checks(
    target: Target, inside: frozenset[Port] | None, waived: Collection[Port] = (), waiver: str = ""
) -> Iterator[Check]:
    """Clear text to the TLS port, and the ports where SIP in clear text usually is; `inside` are the host's own.

    `waived` are ports that somebody answers for, in the words of `waiver`: open, they read waived.
    """
    yield _clear_text_to_tls(target)
    if target.address.port != _SIP_PORT:  # where TLS listens on 5060, the port is rightly open
        check = _tcp(target, _SIP_PORT, inside)
        yield _waived(check, waiver) if ("tcp", _SIP_PORT) in waived else check
    for port in dict.fromkeys((_SIP_PORT, target.address.port)):
        check = _udp(target, port, inside)
        yield _waived(check, waiver) if ("udp", port) in waived else check


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


def _udp(target: Target, port: int, inside: frozenset[Port] | None) -> Check:
    if target.vantage is not Vantage.OPERATOR:  # no datagram goes through SSH: only the host itself can tell
        return _closed(target, ("udp", port), NoAnswer(), inside)
    timeout = _UDP_TIMEOUT if target.has_inside else _ONLY_WITNESS_TIMEOUT
    return _closed(target, ("udp", port), probe_udp(Address(host=target.address.host, port=port), timeout), inside)


def _closed(target: Target, port: Port, answer: TcpAnswer | UdpAnswer, inside: frozenset[Port] | None) -> Check:
    subject = f"{port[0]} {Address(host=target.address.host, port=port[1])}"
    match answer:
        case PortClosed():
            return _question("CLEAR-04", subject, target.vantage).passed("closed")
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


def _inside(subject: str, port: Port, inside: frozenset[Port] | None) -> Check:
    """Silence proves nothing; that no socket has the port does."""
    if inside is None:
        return _question("CLEAR-04", subject, Vantage.INSIDE).unknown("silent, and the host did not tell its sockets")
    if port in inside:
        return _question("CLEAR-04", subject, Vantage.INSIDE).failed("a socket on the host listens there", _MEND)
    return _question("CLEAR-04", subject, Vantage.INSIDE).passed("no socket on the host listens there")


def _question(code: str, subject: str, vantage: Vantage) -> Question:
    return Question(code=code, level=Level.CLEAR, subject=subject, vantage=vantage)
