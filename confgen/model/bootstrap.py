"""What is wanted of a host's preparation, beside what every host gets."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Self

_KINDS = re.compile(
    r"ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com"
)
_SIGNS_OF_COMMENT = re.compile(r"[^A-Za-z0-9@._+-]")


class NotAPublicKey(ValueError):
    """The text is no public key of SSH; its words quote nothing of it."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A public key of SSH, as `ssh-keygen` writes it into `NAME.pub`."""

    kind: str
    encoded: str  # Base64
    comment: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The one key of a file."""
        if "PRIVATE KEY" in text:
            raise NotAPublicKey("this is a private key, which stays with you: name the file beside it, NAME.pub")
        kind, encoded, *comment = [*text.strip().split(maxsplit=2), "", ""][:3]
        if len(text.strip().splitlines()) != 1 or not _KINDS.fullmatch(kind) or not _is_of_kind(encoded, kind):
            raise NotAPublicKey("this is no public key of SSH: name a file as ssh-keygen writes it, NAME.pub")
        return cls(kind=kind, encoded=encoded, comment=_SIGNS_OF_COMMENT.sub("", "".join(comment)))

    def __str__(self) -> str:
        return " ".join(part for part in (self.kind, self.encoded, self.comment) if part)


def _is_of_kind(encoded: str, kind: str) -> bool:
    """Whether the key itself begins with its kind (RFC 4253 section 6.6)."""
    try:
        octets = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return False
    return octets.startswith(len(kind).to_bytes(4, "big") + kind.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """What root does besides for the user of the inventory."""

    creates_user: bool = False  # where it lacks
    public_key: PublicKey | None = None  # lets its owner in as that user
