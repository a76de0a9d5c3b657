"""The PBX's side of a DTLS handshake, written apart from the one that is tested."""

from __future__ import annotations

import hashlib
import os
import socket
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL

from tests.verify.wire.certificates import make_authority

if TYPE_CHECKING:
    from OpenSSL.crypto import X509

    from tests.verify.media_pbx import Behaviour

_IDENTITY = make_authority("fake PBX")


def _colons(digest: bytes) -> str:
    return ":".join(f"{byte:02X}" for byte in digest)


class FarEnd:
    """One handshake, honest or not."""

    def __init__(self, behaviour: Behaviour, announced: str) -> None:
        self.behaviour = behaviour
        self.announced = announced
        self.has_refused = False
        context = SSL.Context(SSL.DTLS_METHOD)
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, self._is_welcome)
        context.use_certificate(_IDENTITY.certificate)
        context.use_privatekey(_IDENTITY.key)
        if behaviour.profile_of_srtp:
            context.set_tlsext_use_srtp(behaviour.profile_of_srtp)
        self.connection = SSL.Connection(context, None)
        self.is_client = behaviour.setup == b"active"
        if self.is_client:
            self.connection.set_connect_state()
        else:
            self.connection.set_accept_state()

    def _is_welcome(self, _connection: SSL.Connection, certificate: X509, *_: int) -> bool:
        """What is not gets an alert in the handshake already."""
        shown = certificate.to_cryptography().public_bytes(Encoding.DER)
        return not self.behaviour.alerts or _colons(hashlib.sha256(shown).digest()) == self.announced

    def lines(self) -> list[bytes]:
        digest = os.urandom(32) if self.behaviour.announces_another else hashlib.sha256(_IDENTITY.der).digest()
        return [b"a=setup:" + self.behaviour.setup, b"a=fingerprint:SHA-256 " + _colons(digest).encode()]

    def shake_hands(self, media: socket.socket, caller: tuple[str, int]) -> tuple[bytes, bytes] | None:
        """The PBX's key and salt, and the caller's; None where the PBX will not have this caller."""
        while self.behaviour.is_deaf and media.recv(65536):
            pass
        while True:
            try:
                self.connection.do_handshake()
            except SSL.WantReadError:
                self._flush(media, caller)
                received = media.recv(65536)
                if not received:
                    return None
                if 20 <= received[0] < 64:
                    self.connection.bio_write(received)
                continue
            except SSL.Error:
                self._flush(media, caller)
                return None
            self._flush(media, caller)
            break
        certificate = self.connection.get_peer_certificate(as_cryptography=True)
        assert certificate is not None
        shown = _colons(hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest())
        if self.behaviour.verifies_fingerprint and shown != self.announced:
            self.has_refused = self.behaviour.hangs_up or self.behaviour.breaks_off
            return None
        exported = self.connection.export_keying_material(b"EXTRACTOR-dtls_srtp", 60)
        client, server = exported[:16] + exported[32:46], exported[16:32] + exported[46:]
        return (client, server) if self.is_client else (server, client)

    def _flush(self, media: socket.socket, caller: tuple[str, int]) -> None:
        try:
            media.sendto(self.connection.bio_read(65536), caller)
        except SSL.WantReadError:
            return
