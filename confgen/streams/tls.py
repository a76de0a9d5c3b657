"""A full TLS client connection over any stream, with chain and name verified.

The chain as served is not told here: Python 3.11 has no public way to it. The TLS 1.2 probe reads it from the wire.
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from confgen.model.stream import Stream
from confgen.streams.tcp import Closed, Deadline, Reset, WireError, receive, send

SEND_TIMEOUT = 10.0  # seconds

Result = TypeVar("Result")


class HandshakeFailed(WireError):
    """TLS did not come about, or broke; `reason` is OpenSSL's word, such as SSLV3_ALERT_HANDSHAKE_FAILURE."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"TLS failed: {reason}")
        self.reason = reason

    @property
    def is_alert(self) -> bool:
        """Whether the far end said so, and not we."""
        return self.reason.startswith(("SSLV3_ALERT_", "TLSV1_ALERT_", "TLSV13_ALERT_"))


class CertificateRefused(HandshakeFailed):
    """The server's certificate does not hold: chain, name or time; `verify_code` is OpenSSL's X509_V_ERR number."""

    def __init__(self, verify_code: int, verify_message: str) -> None:
        super().__init__(verify_message)
        self.verify_code = verify_code
        self.verify_message = verify_message


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCertificate:
    """Files in PEM with which we identify ourselves."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What the server agreed to and showed."""

    version: str
    cipher: str
    certificate: bytes  # the leaf, DER

    @property
    def sha256(self) -> str:
        """The certificate's fingerprint in lower-case hexadecimal."""
        return hashlib.sha256(self.certificate).hexdigest()


class SecureStream:
    """A stream inside TLS; closing it closes the stream that carries it."""

    def __init__(self, carrier: Stream, context: ssl.SSLContext, server_name: str) -> None:
        self._carrier = carrier
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        try:
            self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_name)
        except ValueError as error:  # an empty label, one that is too long, a dot in front
            raise HandshakeFailed(f"{server_name!r} is no name that DNS can hold") from error

    def shake_hands(self, deadline: Deadline) -> Served:
        """Finish the handshake."""
        self._carry(self._tls.do_handshake, deadline)
        certificate, cipher = self._tls.getpeercert(binary_form=True), self._tls.cipher()
        if certificate is None or cipher is None:
            raise HandshakeFailed("the server showed no certificate")
        return Served(version=self._tls.version() or "", cipher=cipher[0], certificate=certificate)

    def send_all(self, content: bytes, /) -> None:
        """Send everything."""
        self._carry(lambda: self._tls.write(content), Deadline.after(SEND_TIMEOUT))

    def receive(self, limit: int, timeout: float, /) -> bytes:
        """At most `limit` bytes, at least one; b"" at the end of the stream."""
        try:
            return self._carry(lambda: self._tls.read(limit), Deadline.after(timeout))
        except Reset:
            raise
        except Closed:
            return b""

    def close(self) -> None:
        """Say goodbye without waiting for an answer, and close the carrier; closing twice is fine."""
        try:
            # SSLWantRead is the rule: our close_notify is written, the server's has not come.
            with suppress(ssl.SSLError, ValueError, WireError):
                self._tls.unwrap()
            with suppress(WireError):
                self._flush()
        finally:
            self._carrier.close()

    def _carry(self, operation: Callable[[], Result], deadline: Deadline) -> Result:
        """Repeat a TLS operation, carrying bytes both ways, until it needs no more of them."""
        while True:
            try:
                with _translated_tls_errors():
                    result = operation()
            except ssl.SSLWantReadError:
                self._flush()
                self._incoming.write(receive(self._carrier, deadline))
            except HandshakeFailed:
                with suppress(WireError):
                    self._flush()  # the alert that tells the server why
                raise
            else:
                self._flush()
                return result

    def _flush(self) -> None:
        content = self._outgoing.read()
        if content:
            send(self._carrier, content)


def verifying_context(authority: str | None) -> ssl.SSLContext:
    """TLS 1.2 or newer with whoever proves the name; `authority` is PEM, None means the authorities of this machine."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if authority is None:
        context.load_default_certs()
        return context
    try:
        with _translated_tls_errors():
            # between the certificates anything may stand, and OpenSSL is handed ASCII alone
            context.load_verify_locations(cadata=authority.encode("ascii", "replace").decode())
    except (TypeError, ValueError) as error:  # an empty text
        raise HandshakeFailed("the authority holds no certificate in PEM") from error
    return context


def shake_hands(
    carrier: Stream,
    *,
    server_name: str,
    authority: str | None,
    timeout: float,
    client_certificate: ClientCertificate | None = None,
) -> tuple[SecureStream, Served]:
    """Verified TLS 1.2 or newer over the carrier; `authority` is PEM, None means the authorities of this machine."""
    return _shake_hands(verifying_context(authority), carrier, server_name, timeout, client_certificate)


def shake_hands_unverified(
    carrier: Stream,
    *,
    server_name: str,
    timeout: float,
    client_certificate: ClientCertificate | None = None,
    newest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED,
) -> tuple[SecureStream, Served]:
    """TLS 1.2 or newer with whoever answers: to look at a certificate, never to send a secret.

    What is weak is taken too, so that it is the server that decides whether a handshake comes about.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = newest
    return _shake_hands(context, carrier, server_name, timeout, client_certificate)


def _shake_hands(
    context: ssl.SSLContext,
    carrier: Stream,
    server_name: str,
    timeout: float,
    client_certificate: ClientCertificate | None,
) -> tuple[SecureStream, Served]:
    if client_certificate is not None:
        with _translated_tls_errors():
            context.load_cert_chain(client_certificate.certificate, client_certificate.key)
    stream = SecureStream(carrier, context, server_name)
    return stream, stream.shake_hands(Deadline.after(timeout))


@contextmanager
def _translated_tls_errors() -> Iterator[None]:
    try:
        yield
    except ssl.SSLWantReadError:
        raise
    except ssl.SSLZeroReturnError as error:
        raise Closed("TLS closed by the far end") from error
    except ssl.SSLCertVerificationError as error:
        raise CertificateRefused(error.verify_code, error.verify_message) from error
    except ssl.SSLError as error:
        raise HandshakeFailed(error.reason or str(error)) from error
