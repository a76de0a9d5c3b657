"""A home of its own for every test, and servers that know the operator's key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import paramiko
import pytest

from confgen.model.inventory import SshAccess
from confgen.remote.ssh import SshHost, connect
from tests.remote.ssh_server import Behaviour, SshServer, write_key


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, so that no test sees the keys of who runs it."""
    folder = tmp_path / "home"
    (folder / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return folder


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the operator's key and host keys, made once."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("operator", "stranger", "host", "other_host", "jump"):
        write_key(folder / name)
    return folder


@pytest.fixture
def operator_key(keys: Path) -> paramiko.PKey:
    return paramiko.PKey.from_path(keys / "operator")


@pytest.fixture
def host_key(keys: Path) -> paramiko.PKey:
    return paramiko.PKey.from_path(keys / "host")


StartServer = Callable[..., SshServer]


@pytest.fixture
def start_server(operator_key: paramiko.PKey, host_key: paramiko.PKey) -> Iterator[StartServer]:
    """Start a server that lets the operator in as root, unless it is told otherwise."""
    with ExitStack() as stack:

        def start(*host_keys: paramiko.PKey, behaviour: Behaviour | None = None) -> SshServer:
            lets_in = behaviour or Behaviour()
            lets_in.users.setdefault("root", [operator_key])
            return stack.enter_context(SshServer(host_keys or (host_key,), lets_in))

        yield start


@pytest.fixture
def server(start_server: StartServer) -> SshServer:
    return start_server()


def access_to(server: SshServer, keys: Path, **changes: Any) -> SshAccess:  # noqa: ANN401 -- any field of it
    """The way to a server whose key is pinned; each part can be changed."""
    parts: dict[str, Any] = {
        "host_key": server.host_keys[0].fingerprint,
        "known_hosts": None,
        "identity_file": str(keys / "operator"),
        "user": "root",
        **changes,
    }
    return SshAccess(address="127.0.0.1", port=server.port, **parts)


@pytest.fixture
def host(server: SshServer, keys: Path) -> Iterator[SshHost]:
    """A connection to the server."""
    with connect(access_to(server, keys), name="headquarters", folder=keys) as connected:
        yield connected
