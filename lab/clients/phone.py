"""What every client is told: who it is and how it calls; and what every client tells: how the call went."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path


class Transport(Enum):
    """How a client signals."""

    TLS = "tls"
    UDP = "udp"  # for the control call that the detector must see


class MediaEncryption(Enum):
    """What a client offers for its media, and takes nothing else."""

    SDES = "sdes"
    DTLS = "dtls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A registered user at a PBX; `server` is an address or a name that the PBX's certificate carries."""

    user: str
    password: str = field(repr=False)
    server: str
    port: int = 5061
    transport: Transport = Transport.TLS
    media_encryption: MediaEncryption = MediaEncryption.SDES
    authority: Path  # whom the client trusts, PEM


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the registrar answered."""

    is_registered: bool
    reason: str  # "200 OK", "401 Unauthorized"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """How a call went."""

    is_established: bool
    close_reason: str  # "488 Not Acceptable Here"; of an established call, who ended it
    is_srtp: bool
    packets_sent: int
    packets_received: int


class ClientFailed(Exception):
    """A client did not start, or said nothing in time."""
