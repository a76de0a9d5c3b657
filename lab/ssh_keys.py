"""Throw-away ed25519 keys in the forms that OpenSSH reads."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class SshKey:
    """One key pair."""

    private: bytes
    public: str  # as in authorized_keys: kind, base64

    @property
    def fingerprint(self) -> str:
        """The fingerprint as ssh-keygen prints it, `SHA256:…`."""
        digest = hashlib.sha256(base64.b64decode(self.public.split()[1])).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def make_ssh_key() -> SshKey:
    """A fresh ed25519 key."""
    key = Ed25519PrivateKey.generate()
    return SshKey(
        private=key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),
        public=key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii"),
    )
