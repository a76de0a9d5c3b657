"""The DTLS handshake of DTLS-SRTP (RFC 5763, RFC 5764): it gives keys for SRTP once the far end's certificate fits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

from confgen.chains import UNREADABLE
from confgen.streams.tcp import Address, Deadline, WireError
from confgen.verify.wire.datagrams import AT_ONCE, Datagram, Datagrams
from confgen.verify.wire.openssl_errors import reason_of
from confgen.verify.wire.rtp import Kind, kind_of
from confgen.verify.wire.sdp import Fingerprint
from confgen.verify.wire.srtp import DTLS_PROFILE, KEY_LENGTH, SALT_LENGTH

_DATAGRAM_LIMIT = 1200  # bytes, so that none is cut in two on the way
_RECORD_HEADER_LENGTH = 13  # bytes; the last two are the length of what follows, RFC 6347 §4.1
_FATAL = 2  # level of an alert, RFC 5246 §7.2
_EXPORTER = b"EXTRACTOR-dtls_srtp"  # RFC 5764 §4.2
_HASHES: dict[str, hashes.HashAlgorithm] = {  # RFC 8122 §5 has weaker ones besides, which prove nothing
    "sha-256": hashes.SHA256(),
    "sha-384": hashes.SHA384(),
    "sha-512": hashes.SHA512(),
}


class DtlsFailed(WireError):
    """The far end, or we ourselves, ended the handshake."""


class RefusedByAlert(DtlsFailed):
    """The far end ended the handshake, and said so by a fatal alert."""


class WrongCertificate(DtlsFailed):
    """The far end shows another certificate than its answer announced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCertificate:
    """A certificate for one call, with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def fingerprint(self) -> Fingerprint:
        """What an offer announces."""
        return fingerprint_of(self.certificate, "sha-256")


@dataclass(frozen=True, slots=True, kw_only=True)
class DtlsKeys:
    """Keys for SRTP, and what they were agreed on with."""

    ours: bytes = field(repr=False)
    theirs: bytes = field(repr=False)
    version: str
    cipher: str


def make_certificate() -> OwnCertificate:
    """A fresh one, for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "confgen-verify")])
    day, now = dt.timedelta(days=1), dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
    )
    return OwnCertificate(certificate=builder.sign(key, hashes.SHA256()), key=key)


def is_strong(fingerprint: Fingerprint) -> bool:
    """Whether its hash function is one that a certificate cannot be made to fit."""
    return fingerprint.hash_function in _HASHES


def fingerprint_of(certificate: x509.Certificate, hash_function: str) -> Fingerprint:
    """The certificate's hash as SDP writes it."""
    digest = certificate.fingerprint(_HASHES[hash_function])
    return Fingerprint(hash_function=hash_function, value=digest.hex(":").upper())


class DtlsEnd:
    """Our end of DTLS on a port of media; what comes there besides is kept in `early`, up to a limit."""

    def __init__(self, datagrams: Datagrams, remote: Address, own: OwnCertificate, *, is_client: bool) -> None:
        self._datagrams = datagrams
        self._remote = remote
        self._is_client = is_client
        self._is_refused = False
        self._connection = _connection(own, self._note, is_client=is_client)
        self.early: list[Datagram] = []

    def shake_hands(self, announced: Fingerprint, first_word: float, timeout: float) -> DtlsKeys:
        """Finish the handshake; no key is made before the far end's certificate is the announced one.

        TimedOut when nothing has come after `first_word` seconds, or not all of it after `timeout`.
        """
        whole, deadline = Deadline.after(timeout), Deadline.after(first_word)
        while True:
            try:
                self._connection.do_handshake()
            except SSL.WantReadError:
                self._flush()
                if self._read(deadline):
                    deadline = whole
            except SSL.Error as error:
                self._flush()  # the alert that tells the far end why
                kind = RefusedByAlert if self._is_refused else DtlsFailed
                raise kind(f"DTLS failed: {reason_of(error)}") from error
            else:
                self._flush()
                return self._keys(announced)

    def take(self, content: bytes) -> None:
        """Read a datagram that comes after the handshake: the far end may have missed our last one."""
        self._connection.bio_write(content)
        try:
            self._connection.recv(_DATAGRAM_LIMIT)
        except SSL.Error:
            self._flush()

    def _note(self, _connection: SSL.Connection, event: int, value: int) -> None:
        if event == SSL.SSL_CB_READ_ALERT and value >> 8 == _FATAL:
            self._is_refused = True

    def _read(self, deadline: Deadline) -> bool:
        """Wait for the far end's next words, or until ours must be said again; tell whether it said any."""
        until_repeat = self._connection.DTLSv1_get_timeout()
        remaining = deadline.remaining()
        waited = remaining if until_repeat is None else min(remaining, until_repeat)
        has_said = False
        for datagram in self._datagrams.receive(waited):
            is_ours = datagram.source == self._remote and not datagram.is_on_control_port
            if is_ours and kind_of(datagram.content) is Kind.DTLS:
                self._connection.bio_write(datagram.content)
                has_said = True
            elif len(self.early) < AT_ONCE:
                self.early.append(datagram)
        if self._connection.DTLSv1_handle_timeout():
            self._flush()
        return has_said

    def _flush(self) -> None:
        try:
            written = self._connection.bio_read(2**16)
        except SSL.WantReadError:
            return
        for record in _records(written):
            self._datagrams.send(record, self._remote)

    def _keys(self, announced: Fingerprint) -> DtlsKeys:
        connection = self._connection
        try:
            certificate = connection.get_peer_certificate(as_cryptography=True)
        except UNREADABLE as error:
            raise WrongCertificate(f"the far end shows a certificate that cannot be read: {error}") from error
        if certificate is None or not is_strong(announced):
            raise WrongCertificate("the far end shows no certificate that could be compared")
        shown = fingerprint_of(certificate, announced.hash_function)
        if shown != announced:
            raise WrongCertificate(f"the far end shows the certificate {shown.value[:23]}…, which it did not announce")
        profile = connection.get_selected_srtp_profile().decode()
        if profile != DTLS_PROFILE:
            raise DtlsFailed(f"no SRTP was agreed on, but {profile or 'nothing'}")
        material = connection.export_keying_material(_EXPORTER, 2 * (KEY_LENGTH + SALT_LENGTH))
        client, server = _split(material)
        ours, theirs = (client, server) if self._is_client else (server, client)
        return DtlsKeys(
            ours=ours,
            theirs=theirs,
            version=connection.get_protocol_version_name(),
            cipher=connection.get_cipher_name() or "",
        )


def _connection(
    own: OwnCertificate, note: Callable[[SSL.Connection, int, int], None], *, is_client: bool
) -> SSL.Connection:
    context = SSL.Context(SSL.DTLS_METHOD)
    context.set_info_callback(note)
    # Whose certificate it is, the announced fingerprint says: no authority has signed it (RFC 5763 §5).
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
    context.use_certificate(own.certificate)
    context.use_privatekey(own.key)
    context.set_tlsext_use_srtp(DTLS_PROFILE.encode())
    connection = SSL.Connection(context, None)
    connection.set_ciphertext_mtu(_DATAGRAM_LIMIT)
    if is_client:
        connection.set_connect_state()
    else:
        connection.set_accept_state()
    return connection


def _split(material: bytes) -> tuple[bytes, bytes]:
    """The client's key and salt, and the server's: first both keys, then both salts (RFC 5764 §4.2)."""
    first, second = material[:KEY_LENGTH], material[KEY_LENGTH : 2 * KEY_LENGTH]
    salts = material[2 * KEY_LENGTH :]
    return first + salts[:SALT_LENGTH], second + salts[SALT_LENGTH:]


def _records(written: bytes) -> Iterator[bytes]:
    """Each record of what is one stream to OpenSSL."""
    while len(written) >= _RECORD_HEADER_LENGTH:
        end = _RECORD_HEADER_LENGTH + int.from_bytes(written[_RECORD_HEADER_LENGTH - 2 : _RECORD_HEADER_LENGTH], "big")
        yield written[:end]
        written = written[end:]
