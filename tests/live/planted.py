"""Secrets that are planted so that they are known wherever they turn up, in whatever form."""

from __future__ import annotations

import base64
import hashlib
import secrets
import subprocess
import tempfile
from collections.abc import Iterator

_SHORTEST = 16  # signs of a line of a key; of fewer it may be chance


class Planted:
    """Every secret of a test, by what it is the secret of; none is ever shown."""

    def __init__(self) -> None:
        self._forms: dict[bytes, str] = {}

    def new(self, what: str, *, user: str = "", realm: str = "") -> str:
        """One more secret; where it is a user's in a realm, what digest authentication makes of it is one too."""
        text = f"Planted{secrets.token_hex(9)}"
        self.add(what, text.encode())
        if realm:
            for kind in ("md5", "sha256"):
                digest = hashlib.new(kind, f"{user}:{realm}:{text}".encode()).digest()
                self._add_bytes(f"{what}, as {kind} with its user and realm", digest)
        return text

    def add(self, what: str, value: bytes) -> None:
        """A secret that somebody else made, and what an attacker could compare a guess with."""
        self._forms[value] = what
        self._add_bytes(what, value)
        for kind in ("md5", "sha1", "sha256"):
            digest = hashlib.new(kind, value).digest()
            self._add_bytes(f"{what}, as {kind}", digest)
            self._add_bytes(f"{what}, as {kind} of its line", hashlib.new(kind, value + b"\n").digest())

    def add_key(self, what: str, pem: bytes) -> None:
        """A private key: each line of it, and what the lines encode."""
        for line in pem.splitlines():
            if len(line) >= _SHORTEST and not line.startswith(b"-----"):
                self._forms[line] = what
                self._forms[base64.b64decode(line[: len(line) // 4 * 4]).hex().encode()] = f"{what}, as hex"

    def found_in(self, content: bytes) -> set[str]:
        """What of them stands there; never the secret itself."""
        with (
            tempfile.NamedTemporaryFile() as patterns
        ):  # thousands of them in many megabytes: Python would take minutes
            patterns.write(b"\n".join(self._forms))
            patterns.flush()
            done = subprocess.run(
                ["grep", "-aoF", "-f", patterns.name], input=content, capture_output=True, check=False
            )
        assert done.returncode in {0, 1}, done.stderr
        return {self._forms[form] for form in set(done.stdout.splitlines())}

    @property
    def forms(self) -> tuple[bytes, ...]:
        """All that must not turn up."""
        return tuple(self._forms)

    def _add_bytes(self, what: str, value: bytes) -> None:
        self._forms[value.hex().encode()] = f"{what}, as hex"
        self._forms[value.hex().upper().encode()] = f"{what}, as hex"
        for encoded in _base64(value):
            self._forms[encoded] = f"{what}, as base64"


def _base64(value: bytes) -> Iterator[bytes]:
    """What stands in base64, wherever the secret begins in what was encoded."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + value + bytes(3))
        yield encoded[(before * 8 + 5) // 6 : (before + len(value)) * 8 // 6]
