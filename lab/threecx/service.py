"""A 3CX on a lab host, played by the contract fake: its HTTPS port is the host's, behind the host's real sshd."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from confgen.model.version import ProductVersion
from lab.host import Host
from lab.machine import environment
from lab.pki import Authority
from lab.threecx.quirks import Quirks
from lab.threecx.server import command
from lab.threecx.xapi import LATEST, Logged

_REPOSITORY = Path(__file__).resolve().parents[2]


class ThreeCxFailed(Exception):
    """The fake did not begin to serve."""


@dataclass(kw_only=True)
class ThreeCx:
    """Served from `open()` to `close()`, or for the length of a `with` block; what it keeps ends with it.

    It runs outside the host, which has no Python, in the host's network: a power cut of the host leaves it alone, and
    it ends with the instance at the latest.
    """

    host: Host
    authority: Authority  # signs its certificate
    client: str = "confgen"
    secret: str = field(repr=False)
    version: ProductVersion = LATEST
    seed: int = 1
    users: Sequence[str] = ()  # numbers of those that were made in its console, which alone makes any
    port: int = 5001
    _process: subprocess.Popen[bytes] | None = None

    @property
    def control(self) -> Path:
        """Where it is told how to misbehave."""
        return self.host.log.with_name(f"{self.host.name}.3cx")

    def __enter__(self) -> Self:
        """Serve."""
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Serve no more."""
        self.close()

    def open(self) -> None:
        """Begin to serve a new PBX."""
        folder = self.host.log.parent
        issued = self.authority.issue(names=[self.host.domain])
        certificate, key = issued.write(folder, f"{self.host.name}.3cx")
        said = {
            "client": self.client,
            "secret": self.secret,
            "domain": self.host.domain,
            "version": str(self.version),
            "seed": self.seed,
            "users": list(self.users),
            "port": self.port,
            "certificate": str(certificate),
            "key": str(key),
            "control": str(self.control),
        }
        log = folder / f"{self.host.name}.3cx.log"
        with log.open("wb") as errors:
            self._process = self.host.popen_beside(
                [sys.executable, "-m", "lab.threecx.serve"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**environment(), "PYTHONPATH": str(_REPOSITORY)},
            )
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise AssertionError("both are pipes")
        with contextlib.suppress(BrokenPipeError), stdin:
            stdin.write(json.dumps(said).encode())
        if stdout.readline() != b"ready\n":
            self.close()
            raise ThreeCxFailed(f"{self.host.name}: {log.read_text(encoding='utf-8', errors='replace').strip()}")

    def close(self) -> None:
        """Serve no more, and forget everything."""
        if self._process is not None:
            with self._process:
                self._process.terminate()
            self._process = None
        self.control.unlink(missing_ok=True)

    def misbehave(self, quirks: Quirks) -> None:
        """From now on, and count requests anew."""
        command(self.control, {"set": json.loads(quirks.to_json())})

    def renew(self) -> None:
        """Be a new PBX again, sooner than by `close` and `open`."""
        command(self.control, {"renew": True})

    @property
    def token_tries(self) -> int:
        """How often a token was asked for."""
        tries: int = command(self.control, {"tell": "log"})["tries"]
        return tries

    def log(self) -> tuple[Logged, ...]:
        """Every request, secrets masked."""
        return tuple(Logged(**one) for one in command(self.control, {"tell": "log"})["requests"])

    def objects(self) -> dict[str, Any]:
        """What the PBX keeps, secrets in full: `collections` and `singletons` by name, `restarts` in their order."""
        told: dict[str, Any] = command(self.control, {"tell": "objects"})
        return told
