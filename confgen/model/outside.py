"""A PBX that no inventory describes, and who may call it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.model.inventory import MediaEncryption

if TYPE_CHECKING:
    from confgen.model.depth import Depth
    from confgen.model.secret import Secret

SIPS_PORT = 5061  # RFC 3261 §19.1.2: of SIP over TLS


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    """Where its TLS port is, and the name that its certificate must carry."""

    host: str  # a name or an IP address
    port: int = SIPS_PORT
    name: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """An extension of the PBX with which calls may be made, and the number that answers and echoes."""

    user: str
    secret: Secret
    number: str
    media_encryption: MediaEncryption = MediaEncryption.SDES


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of every one of them; without a login no call is made."""

    profile: str  # "baseline" or "strict"
    authority: str | None  # PEM; None means the authorities of this machine
    login: Login | None
    depth: Depth
