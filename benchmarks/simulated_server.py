"""An SSH server that is thousands of hosts: `python -m benchmarks.simulated_server FOLDER LATENCY`, in milliseconds.

Every address of 127.0.0.0/8 is a host of its own, at one port of the loopback interface alone, told on stdout. What is
sent to a host reaches it so much later; TCP's own handshake is made up for by a later greeting. The second number of an
address says how the host behaves (`Behaviour`). FOLDER holds `host_key`, and `client_key.pub`, which is let in.

The server ends when its stdin does.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import shlex
import socket
import sys
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import asyncssh

from benchmarks.behaviour import Behaviour, behaviour_at
from benchmarks.simulated_host import SimulatedHost

if TYPE_CHECKING:
    from collections.abc import Callable

_FOR_EVER = 3600.0  # seconds
_BACKLOG = 4096
_TRICKLE = 0.5  # seconds between two bytes
# What `confgen.remote.answer` asks of a shell: the script where it has not got it yet, then one call of it.
_REQUEST = re.compile(
    rb"(?:\A|\n)\{\n(?:command -v head >/dev/null \|\| exit\n)?"
    rb"echo (?P<mark>[0-9a-f]{32}) \|\| exit; [^;\n]*(?P<on_a_word>; read .*)?\n"
    rb"(?:\{ head -c (?P<length>[0-9]+) .*\n)?\(script_0 (?P<asked>(?s:.*?))\)(?: </dev/null|; code=.*)\n"
    rb"printf .*; echo (?P=mark) >&2(?:\n\}\nread .*)?\n\}\n"
)


class _Far(asyncio.Protocol):
    """Hands on what arrives later than it came, in its order."""

    def __init__(self, inner: asyncio.Protocol, latency: float) -> None:
        self._inner = inner
        self._latency = latency
        self._due: deque[tuple[float, Callable[[], Any]]] = deque()
        self._is_lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        match behaviour_at(transport.get_extra_info("sockname")[0]):
            case Behaviour.RESETS:
                cast("asyncio.Transport", transport).abort()
                self._is_lost = True
            case Behaviour.SILENT:
                self._is_lost = True
            case _:
                # The client's SYN and the answer to it took no time, and the way of its ACK neither.
                self._later(lambda: self._inner.connection_made(transport), 2 * self._latency)

    def data_received(self, data: bytes) -> None:
        self._later(lambda: self._inner.data_received(data), self._latency)

    def eof_received(self) -> bool:
        self._later(self._inner.eof_received, self._latency)
        return True

    def connection_lost(self, exception: Exception | None) -> None:
        if not self._is_lost:
            self._later(lambda: self._inner.connection_lost(exception), self._latency)

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def _later(self, act: Callable[[], Any], seconds: float) -> None:
        if self._is_lost:
            return
        loop = asyncio.get_running_loop()
        due = loop.time() + seconds
        self._due.append((max(due, self._due[-1][0]) if self._due else due, act))
        if len(self._due) == 1:
            loop.call_at(self._due[0][0], self._act)

    def _act(self) -> None:
        loop = asyncio.get_running_loop()
        while self._due and self._due[0][0] <= loop.time():
            act = self._due[0][1]
            act()
            self._due.popleft()
        if self._due:
            loop.call_at(self._due[0][0], self._act)


class _FarLoop(asyncio.SelectorEventLoop):
    """Whatever listens in it lies far away."""

    latency = 0.0  # seconds

    async def create_server(self, protocol_factory: Any, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 -- asyncio's
        return await super().create_server(lambda: _Far(protocol_factory(), self.latency), *arguments, **named)


class _Server(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:  # noqa: ARG002 -- asyncssh's
        return True


class _Hosts:
    """All of them, made when they are first asked for something."""

    def __init__(self) -> None:
        self._hosts: dict[str, SimulatedHost] = {}

    def pushes(self) -> dict[str, int]:
        """How many have held each host, by its address."""
        return {address: host.pushes for address, host in self._hosts.items()}

    async def serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        """Carry out one command; or `sh`, which is given one after the other."""
        if process.command == "exec sh":
            await self._serve_shell(process)
            return
        stdin = await process.stdin.read()
        # The script itself, whose quoting takes long to undo, is the same for every host.
        _, _, asked = (process.command or "").rpartition(" files-host ")
        status = await self._answer(process, asked, stdin)
        process.exit(status)

    async def _serve_shell(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        while (request := await _request(process)) is not None:
            mark, asked, length, is_on_a_word = request
            process.stdout.write(f"{mark}\n".encode())
            process.stderr.write(f"{mark}\n".encode())
            if is_on_a_word:
                await process.stdin.readline()
            stdin = await process.stdin.readexactly(length)
            if length:
                await process.stdin.readline()
            status = await self._answer(process, asked, stdin)
            process.stdout.write(f"\n{mark} {status}\n{mark}\n".encode())
            process.stderr.write(f"{mark}\n".encode())
        process.exit(0)

    async def _answer(self, process: asyncssh.SSHServerProcess[bytes], asked: str, stdin: bytes) -> int:
        """Write it as the host behaves; its exit status."""
        address = process.get_extra_info("sockname")[0]
        behaviour = behaviour_at(address)
        verb, _folder, *words = shlex.split(asked)
        host = self._hosts.setdefault(address, SimulatedHost(clock=time.monotonic))
        if behaviour is Behaviour.HANGS:
            await asyncio.sleep(_FOR_EVER)
        status, answer = host.answer(verb, words, stdin)
        if behaviour is Behaviour.DIES:
            process.stdout.write(answer[: len(answer) // 2])
            process.channel.get_connection().abort()
        elif behaviour is Behaviour.TRICKLES:
            for byte in answer or b"\n":
                process.stdout.write(bytes((byte,)))
                await asyncio.sleep(_TRICKLE)
        else:
            process.stdout.write(answer)
        return status


async def _request(process: asyncssh.SSHServerProcess[bytes]) -> tuple[str, str, int, bool] | None:
    """Of the next one: its mark, the verb with its words, how long its input is, whether a word is waited for."""
    try:
        text = await process.stdin.readuntil(_REQUEST)
    except asyncio.IncompleteReadError:
        return None
    request = _REQUEST.search(text)
    assert request is not None  # noqa: S101 -- it was read until there was one
    length = int(request["length"] or 0)
    return request["mark"].decode(), request["asked"].decode(), length, request["on_a_word"] is not None


async def _listen(folder: Path, hosts: _Hosts) -> int:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    listener.bind(("0.0.0.0", 0))  # noqa: S104 -- of the loopback interface
    await asyncssh.listen(
        sock=listener,
        backlog=_BACKLOG,
        server_factory=_Server,
        process_factory=hosts.serve,
        encoding=None,
        server_host_keys=[str(folder / "host_key")],
        authorized_client_keys=str(folder / "client_key.pub"),
        config=None,
        # What costs little on both sides, and is what OpenSSH would choose of these.
        kex_algs=["curve25519-sha256@libssh.org", "curve25519-sha256"],
        encryption_algs=["aes128-gcm@openssh.com"],
        compression_algs=["none"],
        gss_host=None,
        allow_scp=False,
        login_timeout=0,
    )
    port: int = listener.getsockname()[1]
    return port


async def _serve(folder: Path) -> None:
    hosts = _Hosts()
    port = await _listen(folder, hosts)
    print(port, flush=True)
    loop = asyncio.get_running_loop()
    is_over = asyncio.Event()

    def hear() -> None:
        if sys.stdin.readline():
            print(json.dumps(hosts.pushes()), flush=True)
        else:
            is_over.set()

    loop.add_reader(sys.stdin.fileno(), hear)
    await is_over.wait()


def main() -> None:
    """Serve until stdin ends; each line of it asks how many pushes have held which host."""
    loop = _FarLoop()
    loop.latency = float(sys.argv[2]) / 1000
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns of answers that come after who asked has hung up
    asyncio.set_event_loop(loop)
    loop.run_until_complete(_serve(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
