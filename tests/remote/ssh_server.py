"""An SSH server inside the test: real sockets, a real shell, and as ill-behaved as a test wants it."""

from __future__ import annotations

import contextlib
import os
import queue
import shlex
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

import paramiko
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paramiko.common import MSG_CHANNEL_OPEN_FAILURE, MSG_CHANNEL_SUCCESS
from paramiko.message import Message


def write_key(path: Path, passphrase: bytes | None = None) -> paramiko.PKey:
    """A new ed25519 key, and beside it its public half."""
    private = Ed25519PrivateKey.generate()
    path.write_bytes(_pem(private, serialization.NoEncryption()))
    key = paramiko.PKey.from_path(path)
    path.with_name(f"{path.name}.pub").write_text(f"{key.get_name()} {key.get_base64()} somebody\n", encoding="utf-8")
    if passphrase is not None:
        path.write_bytes(_pem(private, serialization.BestAvailableEncryption(passphrase)))
    return key


def _pem(key: Ed25519PrivateKey, encryption: serialization.KeySerializationEncryption) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, encryption)


@dataclass
class Behaviour:
    """What the server lets in, and how it misbehaves."""

    users: dict[str, list[paramiko.PKey]] = field(default_factory=dict)
    methods: str = "publickey"
    forwards: bool = True
    refusals: dict[int, str] = field(default_factory=dict)  # by port: its words instead of a connection
    sends_exit_status: bool = True
    cuts_after_status: bool = False  # the connection, before what is still on its way of the output
    gives_shell: bool = True  # or else refuses one in words, as a program does that an authorized key is bound to
    greeting: str = ""  # of a start-up file of the user's, which a shell reads that sshd starts
    hesitates: float = 0.0  # seconds until it opens a session
    most_sessions: int | None = None  # at once: MaxSessions
    path: str | None = None  # where commands are found, the shell among them


class SshServer:
    """Listens on a port of its own of 127.0.0.1 until the block is left."""

    def __init__(self, host_keys: Sequence[paramiko.PKey], behaviour: Behaviour) -> None:
        self.host_keys = host_keys
        self.behaviour = behaviour
        self.key_attempts: list[tuple[str, str]] = []
        self.commands: queue.Queue[str] = queue.Queue()
        self.asked_sessions = 0
        self.environment: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._transports: list[_ServerTransport] = []

    def drop_connections(self) -> None:
        """What a cut cable looks like once TCP has noticed."""
        for transport in self._transports:
            with contextlib.suppress(OSError):
                transport.sock.shutdown(socket.SHUT_RDWR)
            transport.close()

    def fall_silent(self) -> None:
        """What a link that loses everything looks like, before TCP has noticed."""
        for transport in self._transports:
            transport.is_silent = True

    def cut_after_next_command(self) -> None:
        """Drop every connection as soon as a command runs."""

        def cut() -> None:
            self.commands.get(timeout=10)
            self.drop_connections()

        threading.Thread(target=cut, daemon=True).start()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop_connections()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                transport = _ServerTransport(connection)
                for key in self.host_keys:
                    transport.add_server_key(key)
                self._transports.append(transport)
                session = _Session(self, transport)
                transport.start_server(event=threading.Event(), server=session)
                threading.Thread(target=session.serve_channels, daemon=True).start()


class _ServerTransport(paramiko.Transport):
    """Says why a connection could not be forwarded, as sshd does; paramiko's own server says nothing."""

    refusal = ""
    is_silent = False
    accepted_command: threading.Thread | None = None

    def run(self) -> None:
        with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
            super().run()

    def _send_message(self, message: Message) -> None:
        if self.is_silent:
            return
        content = message.asbytes()
        if content[0] == MSG_CHANNEL_OPEN_FAILURE:
            message = Message()
            message.add_bytes(content[:9])
            message.add_string(self.refusal)
            message.add_string("en")
        super()._send_message(message)  # type: ignore[misc] # not in the stubs
        if content[0] == MSG_CHANNEL_SUCCESS and self.accepted_command is not None:
            command, self.accepted_command = self.accepted_command, None
            command.start()  # not before its acceptance was told


class _Session(paramiko.ServerInterface):
    def __init__(self, server: SshServer, transport: _ServerTransport) -> None:
        self._server = server
        self._transport = transport
        self._forwarded: dict[int, socket.socket] = {}
        self._sessions = 0

    def serve_channels(self) -> None:
        """Join each forwarded channel to its connection; sessions are served where their command is asked for."""
        sessions = []  # paramiko closes a channel that nobody holds
        while self._transport.is_active():
            channel = self._transport.accept(1.0)
            if channel is None:
                continue
            if channel.get_id() not in self._forwarded:
                sessions.append(channel)
            else:
                connection = self._forwarded.pop(channel.get_id())
                threading.Thread(target=_join, args=(channel, connection), daemon=True).start()

    def get_allowed_auths(self, username: str) -> str:  # noqa: ARG002 - paramiko's signature
        return self._server.behaviour.methods

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        self._server.key_attempts.append((username, key.fingerprint))
        if any(known.asbytes() == key.asbytes() for known in self._server.behaviour.users.get(username, [])):
            return paramiko.common.AUTH_SUCCESSFUL
        return paramiko.common.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002
        self._server.asked_sessions += 1
        time.sleep(self._server.behaviour.hesitates)
        if self._sessions == self._server.behaviour.most_sessions:
            self._transport.refusal = "open failed"
            return paramiko.common.OPEN_FAILED_CONNECT_FAILED
        self._sessions += 1
        return paramiko.common.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        arguments = (channel, command.decode())
        self._transport.accepted_command = threading.Thread(target=self._execute, args=arguments, daemon=True)
        return True

    def check_channel_env_request(self, channel: paramiko.Channel, name: bytes, value: bytes) -> bool:  # noqa: ARG002
        self._server.environment.append(name)
        return True

    def check_channel_direct_tcpip_request(
        self,
        chanid: int,
        origin: tuple[str, int],  # noqa: ARG002
        destination: tuple[str, int],
    ) -> int:
        if not self._server.behaviour.forwards:
            self._transport.refusal = "open failed"
            return paramiko.common.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED
        if destination[1] in self._server.behaviour.refusals:
            self._transport.refusal = self._server.behaviour.refusals[destination[1]]
            return paramiko.common.OPEN_FAILED_CONNECT_FAILED
        try:
            self._forwarded[chanid] = socket.create_connection(destination, 5.0)
        except OSError as error:
            self._transport.refusal = error.strerror or str(error)
            return paramiko.common.OPEN_FAILED_CONNECT_FAILED
        return paramiko.common.OPEN_SUCCEEDED

    def _execute(self, channel: paramiko.Channel, command: str) -> None:
        behaviour = self._server.behaviour
        is_refused = command == "exec sh" and not behaviour.gives_shell
        greeting = f"printf %s {shlex.quote(behaviour.greeting)}\n" if behaviour.greeting else ""
        with subprocess.Popen(
            ["/bin/sh", "-c", "echo not here; exit 1" if is_refused else greeting + command],
            env=None if behaviour.path is None else {**os.environ, "PATH": behaviour.path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        ) as process:
            assert process.stdin
            assert process.stdout
            assert process.stderr
            self._server.commands.put(command)
            pumps = [
                threading.Thread(target=_copy, args=(process.stdout.read, channel.sendall), daemon=True),
                threading.Thread(target=_copy, args=(process.stderr.read, channel.sendall_stderr), daemon=True),
            ]
            stdin = threading.Thread(target=_feed, args=(channel, process.stdin), daemon=True)
            for thread in (*pumps, stdin):
                thread.start()
            while process.poll() is None and not channel.closed:
                time.sleep(0.002)
            if channel.closed:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            for thread in pumps:
                thread.join()
            status = process.wait()
            self._sessions -= 1
            with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
                if self._server.behaviour.sends_exit_status and status >= 0:
                    channel.send_exit_status(status)
                if behaviour.cuts_after_status:
                    self._server.drop_connections()
                channel.close()
            stdin.join()


def _copy(read: Callable[[int], bytes | None], write: Callable[[bytes], object]) -> None:
    with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
        while content := read(32768):
            write(content)


def _feed(channel: paramiko.Channel, stdin: IO[bytes]) -> None:
    with contextlib.suppress(OSError), stdin:
        while content := channel.recv(32768):
            stdin.write(content)


def _join(channel: paramiko.Channel, connection: socket.socket) -> None:
    """Carry bytes both ways until both ends have ended."""
    connection.settimeout(None)
    outward = threading.Thread(target=_carry, args=(channel, connection), daemon=True)
    outward.start()
    _carry(connection, channel)
    outward.join()
    connection.close()
    with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
        channel.close()


def _carry(source: paramiko.Channel | socket.socket, target: paramiko.Channel | socket.socket) -> None:
    with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
        _copy(source.recv, target.sendall)
        target.shutdown(socket.SHUT_WR)
