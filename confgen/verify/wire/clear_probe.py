"""Speaks SIP in clear to ports where nobody may answer it, and tells what came back."""

from __future__ import annotations

import secrets
import socket
from dataclasses import dataclass

from confgen.streams.tcp import (
    RECEIVE_LIMIT,
    Address,
    Closed,
    Deadline,
    Dial,
    Refused,
    Reset,
    TimedOut,
    Unreachable,
    bracketed,
    dialled,
    receive,
    send,
    translated_errors,
)
from confgen.verify.wire.sip import Request
from confgen.verify.wire.tls_records import ALERT, ALERT_LENGTH, ALERT_NAMES, MAJOR_VERSION, RECORD_HEADER_LENGTH

UDP_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class PortOpen:
    """A TCP connection came about."""


@dataclass(frozen=True, slots=True)
class PortClosed:
    """The far end says that nothing listens: refused, or ICMP port unreachable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortUnreachable:
    """No way leads there, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The deadline passed. That proves nothing: packets get lost, and ICMP is limited to a few in a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Something came back."""

    received: bytes

    @property
    def is_sip(self) -> bool:
        """Whether it is a SIP response."""
        return self.received.startswith(b"SIP/2.0 ")

    @property
    def status(self) -> int | None:
        """The SIP status code, if there is one."""
        code = self.received[8:11]
        return int(code) if self.is_sip and code.isdigit() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted:
    """A TLS alert came back: TLS listens and takes no clear text."""

    alert: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HungUp:
    """The far end ended the connection without a word."""

    by_reset: bool


TcpAnswer = PortOpen | PortClosed | PortUnreachable | NoAnswer
UdpAnswer = Answered | PortClosed | PortUnreachable | NoAnswer
ClearTextAnswer = Answered | Alerted | HungUp | NoAnswer


def probe_tcp(dial: Dial, address: Address, timeout: float) -> TcpAnswer:
    """Whether a TCP connection comes about."""
    try:
        with dialled(dial, address, timeout):
            return PortOpen()
    except Refused:
        return PortClosed()
    except (Unreachable, Reset) as error:
        return PortUnreachable(reason=str(error))
    except TimedOut:
        return NoAnswer()


def probe_clear_text(dial: Dial, address: Address, timeout: float) -> ClearTextAnswer:
    """What a TCP port, open to TLS or to SIP, answers to OPTIONS in clear; WireError when there is no connection."""
    received = b""
    with dialled(dial, address, timeout) as stream:
        deadline = Deadline.after(timeout)  # whoever dials may have waited for its turn
        try:
            send(stream, options_request(address, "TCP").build())
            while b"\r\n" not in received and not _alert(received) and len(received) < RECEIVE_LIMIT:
                received += receive(stream, deadline)
        except TimedOut:
            if not received:
                return NoAnswer()
        except Closed as error:
            if not received:
                return HungUp(by_reset=isinstance(error, Reset))
    alert = _alert(received)
    return Alerted(alert=alert) if alert else Answered(received=received)


def probe_udp(address: Address, timeout: float) -> UdpAnswer:
    """What a UDP port answers to OPTIONS, which is sent a few times since datagrams get lost."""
    try:
        with translated_errors():
            found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_DGRAM)
            family, kind, protocol, _, target = found[0]
            with socket.socket(family, kind, protocol) as datagrams:
                datagrams.connect(target)
                return _ask(datagrams, options_request(address, "UDP").build(), timeout)
    except Refused:
        return PortClosed()
    except Unreachable as error:
        return PortUnreachable(reason=str(error))


def options_request(address: Address, transport: str) -> Request:
    """An OPTIONS that belongs to nobody; the rest of the transport's Via is found out by rport."""
    uri = f"sip:{bracketed(address.host)}:{address.port}"
    headers = (
        ("Via", f"SIP/2.0/{transport} confgen.invalid;rport;branch=z9hG4bK{secrets.token_hex(12)}"),
        ("Max-Forwards", "70"),
        ("From", f"<sip:confgen@confgen.invalid>;tag={secrets.token_hex(8)}"),
        ("To", f"<{uri}>"),
        ("Call-ID", secrets.token_hex(16)),
        ("CSeq", "1 OPTIONS"),
        ("Contact", "<sip:confgen@confgen.invalid>"),
    )
    return Request(method="OPTIONS", uri=uri, headers=headers)


def _ask(datagrams: socket.socket, request: bytes, timeout: float) -> UdpAnswer:
    datagrams.settimeout(timeout / UDP_ATTEMPTS)
    for _ in range(UDP_ATTEMPTS):
        datagrams.send(request)
        try:
            return Answered(received=datagrams.recv(RECEIVE_LIMIT))
        except TimeoutError:
            continue
    return NoAnswer()


def _alert(received: bytes) -> str | None:
    """The TLS alert that has come, if it is one."""
    if len(received) < RECORD_HEADER_LENGTH + ALERT_LENGTH or received[:2] != bytes((ALERT, MAJOR_VERSION)):
        return None
    number = received[RECORD_HEADER_LENGTH + 1]
    return ALERT_NAMES.get(number, f"alert {number}")
