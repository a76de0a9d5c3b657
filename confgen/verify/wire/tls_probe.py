"""Asks a TLS port for one protocol version and tells what it answered, without finishing the handshake."""

from __future__ import annotations

from dataclasses import dataclass, replace

from confgen.model.stream import Stream
from confgen.streams.tcp import Address, Closed, Deadline, Dial, Reset, TimedOut, dialled, send
from confgen.verify.wire.cipher_suites import Group, TlsVersion
from confgen.verify.wire.client_hello import PUBLIC_KEYS, ClientHello
from confgen.verify.wire.server_hello import (
    ServerHello,
    group_name,
    parse_certificates,
    parse_key_exchange,
    parse_server_hello,
    suite_name,
    version_name,
)
from confgen.verify.wire.tls_records import Alert, MalformedTls, ServerFlight

SERVER_HELLO = 2
CERTIFICATE = 11
SERVER_KEY_EXCHANGE = 12
CERTIFICATE_REQUEST = 13
SERVER_HELLO_DONE = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The server took the version.

    Before TLS 1.3 the chain as served and the demand for a client certificate are in clear; in TLS 1.3 they are not,
    so there the chain is empty and the demand None. A `group` of None means a key exchange without one.
    """

    version: TlsVersion
    cipher_suite: str
    group: str | None
    certificates: tuple[bytes, ...] = ()
    client_certificate_is_requested: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The server answered with an alert; `after_server_hello` when it had first agreed to the version."""

    alert: str
    after_server_hello: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Downgraded:
    """The server chose another version than the one offered."""

    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """The server ended the connection without an alert."""

    by_reset: bool
    after_server_hello: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """The deadline passed before the server had answered in full."""

    after_server_hello: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTls:
    """What came is not a TLS server's answer."""

    received: bytes


TlsAnswer = Accepted | Declined | Downgraded | Dropped | Silent | NotTls


def probe_tls(dial: Dial, address: Address, hello: ClientHello, timeout: float) -> TlsAnswer:
    """What the server answers to the hello within `timeout` seconds; WireError when there is no connection."""
    with dialled(dial, address, timeout) as stream:
        return _Negotiation(stream, hello, Deadline.after(timeout)).answer()


class _Negotiation:
    """One connection from ClientHello to the end of what the server says in clear."""

    def __init__(self, stream: Stream, hello: ClientHello, deadline: Deadline) -> None:
        self._stream = stream
        self._hello = hello
        self._flight = ServerFlight(stream, deadline)
        self._server_hello_came = False

    def answer(self) -> TlsAnswer:
        try:
            send(self._stream, self._hello.record())
            return self._read_server_hello()
        except MalformedTls as error:
            return NotTls(received=error.received)
        except TimedOut:
            return Silent(after_server_hello=self._server_hello_came)
        except Closed as error:
            return Dropped(by_reset=isinstance(error, Reset), after_server_hello=self._server_hello_came)

    def _read_server_hello(self) -> TlsAnswer:
        chosen = self._next_server_hello()
        if isinstance(chosen, Alert):
            return Declined(alert=chosen.description)
        if chosen.is_retry_request and chosen.version == self._hello.version.code:
            send(self._stream, self._second_hello(chosen).record())
            chosen = self._next_server_hello()
            if isinstance(chosen, Alert):
                return Declined(alert=chosen.description)
        if chosen.version != self._hello.version.code:
            return Downgraded(chosen=version_name(chosen.version))
        self._server_hello_came = True
        if self._hello.version is TlsVersion.TLS_1_3:
            group = None if chosen.group is None else group_name(chosen.group)
            return Accepted(version=self._hello.version, cipher_suite=suite_name(chosen.cipher_suite), group=group)
        return self._read_clear_flight(chosen.cipher_suite)

    def _read_clear_flight(self, cipher_suite: int) -> TlsAnswer:
        """Certificate, key exchange and the demand for a client certificate, up to ServerHelloDone."""
        group: str | None = None
        certificates: tuple[bytes, ...] = ()
        certificate_is_requested = False
        while True:
            message = self._flight.next_message()
            if isinstance(message, Alert):
                return Declined(alert=message.description, after_server_hello=True)
            if message.kind == CERTIFICATE:
                certificates = parse_certificates(message.body)
            elif message.kind == SERVER_KEY_EXCHANGE:
                group = parse_key_exchange(cipher_suite, message.body)
            elif message.kind == CERTIFICATE_REQUEST:
                certificate_is_requested = True
            elif message.kind == SERVER_HELLO_DONE:
                return Accepted(
                    version=self._hello.version,
                    cipher_suite=suite_name(cipher_suite),
                    group=group,
                    certificates=certificates,
                    client_certificate_is_requested=certificate_is_requested,
                )

    def _next_server_hello(self) -> ServerHello | Alert:
        message = self._flight.next_message()
        if isinstance(message, Alert):
            return message
        if message.kind != SERVER_HELLO:
            raise MalformedTls(message.body)
        return parse_server_hello(message.body)

    def _second_hello(self, retry: ServerHello) -> ClientHello:
        # RFC 8446 §4.1.2: the same hello again, but for the key share that was asked for and the cookie.
        if retry.group is None:
            return replace(self._hello, cookie=retry.cookie)
        if retry.group not in PUBLIC_KEYS:
            raise MalformedTls(b"HelloRetryRequest for a group that was not offered")
        return replace(self._hello, key_share=Group(retry.group), cookie=retry.cookie)
