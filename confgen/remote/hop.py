"""Hops: each SSH server between the operator and the PBX, and all that must be known to connect to it."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One SSH server on the way, the PBX's own host last."""

    label: str  # for people: the PBX's name, or "jump host NAME"
    address: str
    port: int
    user: str
    known_as: str  # the name in known_hosts
    known_hosts: tuple[Path, ...]
    host_key: str | None  # a pinned fingerprint, instead of known_hosts
    identity_files: tuple[Path, ...]
    identity_is_named: bool  # by the inventory or the configuration, not merely where keys usually lie
    other_keys_of_agent: bool  # whether the agent's keys may be tried that no identity file names
    agent_socket: Path | None
    timeout: float  # seconds, until the hop has let us in
    family: socket.AddressFamily = socket.AF_UNSPEC

    @property
    def server(self) -> str:
        """The server's address as people write it."""
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{address}:{self.port}"

    def __str__(self) -> str:
        return f"{self.label} ({self.user}@{self.server})"
