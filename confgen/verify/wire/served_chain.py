"""Shakes hands with whoever answers and tells the chain as served, which TLS 1.3 shows to the far end alone.

Python 3.11 has no public way to it, so this is OpenSSL through pyOpenSSL. Nothing is verified, nothing sent after it.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from OpenSSL import SSL, crypto

from confgen.model.stream import Stream
from confgen.streams.tcp import RECEIVE_LIMIT, Deadline, receive, send
from confgen.streams.tls import HandshakeFailed
from confgen.verify.wire.openssl_errors import reason_of

_CERTIFICATE_REQUEST = b"read server certificate request"  # OpenSSL's name of the state


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedChain:
    """What the server agreed to and showed, and whether it asked for a certificate of ours."""

    version: str
    cipher_suite: str
    certificates: tuple[bytes, ...]  # DER, leaf first
    client_certificate_is_requested: bool


def look_at_chain(carrier: Stream, *, server_name: str, timeout: float) -> ServedChain:
    """One handshake of TLS 1.2 or newer within `timeout` seconds, whatever the certificates; a WireError if none."""
    states: list[bytes] = []
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_cipher_list(b"ALL:@SECLEVEL=0")  # what is weak is to be seen too
    context.set_verify(SSL.VERIFY_NONE)
    context.set_info_callback(lambda connection, _where, _result: states.append(connection.get_state_string()))
    connection = SSL.Connection(context, None)
    if not _is_address(server_name):
        try:
            connection.set_tlsext_host_name(server_name.encode("idna"))
        except UnicodeError as error:
            raise HandshakeFailed(f"{server_name!r} is no name that DNS can hold") from error
    connection.set_connect_state()
    _finish(connection, carrier, Deadline.after(timeout))
    return ServedChain(
        version=connection.get_protocol_version_name(),
        cipher_suite=connection.get_cipher_name() or "",
        certificates=tuple(
            crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate)  # whatever it is: it is read elsewhere
            for certificate in connection.get_peer_cert_chain() or ()
        ),
        client_certificate_is_requested=any(_CERTIFICATE_REQUEST in state for state in states),
    )


def _finish(connection: SSL.Connection, carrier: Stream, deadline: Deadline) -> None:
    while True:
        try:
            connection.do_handshake()
        except SSL.WantReadError:
            _flush(connection, carrier)
            connection.bio_write(receive(carrier, deadline))
        except SSL.Error as error:
            raise HandshakeFailed(reason_of(error)) from error
        else:
            _flush(connection, carrier)
            return


def _flush(connection: SSL.Connection, carrier: Stream) -> None:
    try:
        content = connection.bio_read(RECEIVE_LIMIT)
    except SSL.WantReadError:  # there is nothing to send
        return
    send(carrier, content)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
