"""Host keys: what known_hosts files and a pinned fingerprint say about the key that a server offers."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SSH_PORT = 22

# The algorithms that a key of a type can sign with; every other type has exactly its own name.
_RSA_ALGORITHMS = ("rsa-sha2-512", "rsa-sha2-256")

_NO_NAME = frozenset("*?!|")  # one of them makes a pattern, or a name that is hashed


class Marker(Enum):
    """What a line of a known_hosts file says about its key."""

    TRUSTED = ""
    REVOKED = "@revoked"
    AUTHORITY = "@cert-authority"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKey:
    """A public key, as it travels and as it is written down."""

    kind: str  # as in known_hosts: ssh-ed25519
    blob: bytes

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` prints it."""
        digest = base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")
        return f"SHA256:{digest}"

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The host key algorithms by which a server can prove that it has this key."""
        return _RSA_ALGORITHMS if self.kind == "ssh-rsa" else (self.kind,)

    @property
    def word(self) -> str:
        """The type as it stands in the name of the server's key file: ed25519."""
        return self.kind.removeprefix("ssh-").partition("-")[0]

    def line(self, known_as: str) -> str:
        """The line of a known_hosts file that trusts it."""
        return f"{known_as} {self.kind} {base64.b64encode(self.blob).decode()}"

    def __str__(self) -> str:
        return f"{self.fingerprint} ({self.kind})"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHost:
    """One line of a known_hosts file."""

    patterns: tuple[str, ...]
    key: HostKey
    marker: Marker
    place: str  # file:line

    def is_about(self, known_as: str) -> bool:
        """Whether one of its patterns means this host, and none rules it out."""
        wanted = known_as.lower()
        if any(pattern.startswith("!") and _matches(wanted, pattern[1:]) for pattern in self.patterns):
            return False
        return any(_matches(wanted, pattern) for pattern in self.patterns)

    @property
    def names(self) -> frozenset[str] | None:
        """The hosts that it is about; None where that takes a closer look."""
        if any(_NO_NAME & set(pattern) for pattern in self.patterns):
            return None
        return frozenset(pattern.lower() for pattern in self.patterns)


class KnownHosts:
    """The lines of known_hosts files, so that those about one host among thousands are found without asking each."""

    def __init__(self, entries: Iterable[KnownHost]) -> None:
        self._entries = tuple(entries)
        self._by_name: dict[str, list[int]] = {}
        self._others: list[int] = []  # with patterns, or with names that are hashed
        for number, entry in enumerate(self._entries):
            if entry.names is None:
                self._others.append(number)
            for name in entry.names or ():
                self._by_name.setdefault(name, []).append(number)

    def about(self, known_as: str) -> tuple[KnownHost, ...]:
        """The lines about a host, in their order."""
        others = (number for number in self._others if self._entries[number].is_about(known_as))
        return tuple(self._entries[number] for number in sorted((*self._by_name.get(known_as.lower(), ()), *others)))


def known_as(host: str, port: int) -> str:
    """The name under which known_hosts files keep a host."""
    return host if port == SSH_PORT else f"[{host}]:{port}"


def read_known_hosts(files: Iterable[Path]) -> tuple[KnownHost, ...]:
    """Every line that can be read; a file that is not there says nothing."""
    return tuple(entry for file in files if file.is_file() for entry in _entries(file))


def algorithms(keys: Sequence[HostKey], offered: Sequence[str]) -> tuple[str, ...]:
    """What to ask the server for: the known keys first, so that a server with several shows the one that is known."""
    known = [algorithm for key in keys for algorithm in key.algorithms if algorithm in offered]
    return tuple(dict.fromkeys((*known, *offered)))


def _entries(file: Path) -> Iterable[KnownHost]:
    for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        words = line.split()
        marker = Marker.TRUSTED
        if words and words[0].startswith("@"):
            if words[0] not in {Marker.REVOKED.value, Marker.AUTHORITY.value}:
                continue
            marker = Marker(words.pop(0))
        if len(words) < 3 or words[0].startswith("#"):  # noqa: PLR2004 - patterns, type, key
            continue
        patterns, kind, encoded = words[:3]
        try:
            blob = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            continue
        yield KnownHost(
            patterns=tuple(patterns.split(",")),
            key=HostKey(kind=kind, blob=blob),
            marker=marker,
            place=f"{file}:{number}",
        )


def _matches(wanted: str, pattern: str) -> bool:
    if pattern.startswith("|"):
        return _matches_hashed(wanted, pattern)
    # fnmatch knows sets in brackets, known_hosts does not: there they surround a host before its port.
    return fnmatchcase(wanted, pattern.lower().replace("[", "[[]"))


def _matches_hashed(wanted: str, pattern: str) -> bool:
    try:
        _, magic, salt, digest = pattern.split("|")
        expected = base64.b64decode(digest, validate=True)
        found = hmac.new(base64.b64decode(salt, validate=True), wanted.encode(), hashlib.sha1).digest()
    except ValueError:
        return False
    return magic == "1" and hmac.compare_digest(found, expected)
