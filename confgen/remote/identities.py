"""The operator's keys: in files and in the agent, in the order in which they are tried."""

from __future__ import annotations

import base64
import binascii
import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import paramiko
from paramiko.agent import AgentKey, AgentSSH
from paramiko.pkey import UnknownKeyType

if TYPE_CHECKING:
    from pathlib import Path

    from confgen.remote.hop import Hop
    from confgen.remote.operator_files import OperatorFiles

_AGENT_TIMEOUT = 10.0  # seconds; a key on a token may wait for a touch


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A key that can sign, and where it came from."""

    key: paramiko.PKey
    origin: str

    def __str__(self) -> str:
        return f"{self.origin} {self.key.fingerprint}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """The keys to try in this order, and in words what was passed over."""

    identities: tuple[Identity, ...]
    passed_over: tuple[str, ...]


class _Agent(AgentSSH):
    """An ssh-agent at a path of our choosing; paramiko's own looks at SSH_AUTH_SOCK alone."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(_AGENT_TIMEOUT)
        try:
            self._socket.connect(str(path))
            self._connect(self._socket)  # type: ignore[attr-defined] # not in the stubs
        except BaseException:
            self._socket.close()
            raise

    def close(self) -> None:
        self._socket.close()


@contextlib.contextmanager
def identities(hop: Hop, files: OperatorFiles) -> Iterator[Identities]:
    """The keys for a hop; the agent that holds some of them is there until the block is left."""
    with contextlib.ExitStack() as stack:
        passed_over: list[str] = []
        held: tuple[AgentKey, ...] = ()
        if hop.agent_socket is not None:
            try:
                held = stack.enter_context(contextlib.closing(_Agent(hop.agent_socket))).get_keys()
            except (OSError, paramiko.SSHException) as error:
                passed_over.append(f"no agent answers at {hop.agent_socket}: {error}")
        found = [
            _of_file(file, files, held, is_named=hop.identity_is_named, passed_over=passed_over)
            for file in hop.identity_files
        ]
        if hop.other_keys_of_agent:
            found.extend(Identity(key=key, origin=f"agent key {key.comment or key.get_name()}") for key in held)
        distinct = {identity.key.asbytes(): identity for identity in reversed(found) if identity is not None}
        yield Identities(identities=tuple(reversed(distinct.values())), passed_over=tuple(passed_over))


def _of_file(
    file: Path, files: OperatorFiles, held: tuple[AgentKey, ...], *, is_named: bool, passed_over: list[str]
) -> Identity | None:
    """The key of a file, in the agent's hands if it holds it; a public key stands for the agent's own."""
    if not file.is_file():
        if is_named:
            passed_over.append(f"{file} is not there")
        return None
    public = (_public_blob(file) or _public_blob(file.with_name(f"{file.name}.pub"))) if held else None
    for key in held:
        if key.blob == public:
            return Identity(key=key, origin=f"agent key of {file}")
    try:
        return Identity(key=files.private_key(file), origin=str(file))
    except (TypeError, paramiko.PasswordRequiredException):  # what the library says of a file that needs a passphrase
        passed_over.append(f"{file} is encrypted and no agent holds it: add it with ssh-add")
    except (OSError, ValueError, paramiko.SSHException, UnknownKeyType) as error:
        passed_over.append(f"{file} is no key that can be used: {type(error).__name__}")
    return None


def _public_blob(file: Path) -> bytes | None:
    """The public key of a `.pub` file."""
    with contextlib.suppress(OSError, UnicodeDecodeError, binascii.Error):
        words = file.read_text(encoding="utf-8").split(maxsplit=2)
        if len(words) > 1 and words[0].startswith(("ssh-", "ecdsa-", "sk-")):
            return base64.b64decode(words[1], validate=True)
    return None
