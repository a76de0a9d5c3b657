"""A PBX's host over one SSH connection, and the way to get one."""

from __future__ import annotations

import contextlib
from pathlib import Path
from types import TracebackType
from typing import Self

from confgen.model.host import Command, Completed
from confgen.model.inventory import SshAccess
from confgen.remote import channel_stream, execution
from confgen.remote.channel_stream import ChannelStream
from confgen.remote.connection import close, connect_hop
from confgen.remote.deadline import Deadline
from confgen.remote.gates import Gates
from confgen.remote.operator_files import OperatorFiles
from confgen.remote.route import Route, route
from confgen.remote.shell import Shell
from confgen.remote.transport import Transport


class Dialler:
    """Connects to the hosts of one run: what the operator has for it is read once, and no server is overrun."""

    def __init__(self) -> None:
        self._files = OperatorFiles()
        self._gates = Gates()

    def connect(self, access: SshAccess, *, name: str, folder: Path, timeout: float = 10.0) -> SshHost:
        """Connect to a PBX's host; relative paths start at `folder`, each hop has `timeout` seconds to let us in."""
        way = route(self._files.config, access, name=name, folder=folder, timeout=timeout)
        return SshHost(way, self._files, self._gates)


def connect(access: SshAccess, *, name: str, folder: Path, timeout: float = 10.0) -> SshHost:
    """Connect to the host of one PBX alone."""
    return Dialler().connect(access, name=name, folder=folder, timeout=timeout)


class SshHost:
    """One PBX host over one connection; fulfils Host."""

    def __init__(self, way: Route, files: OperatorFiles, gates: Gates) -> None:
        """Connect to the end of the way."""
        self._way = way
        self._files = files
        self._connections, self._transport = _connected(way, files, gates)
        self._shell = Shell(self._transport, way.host)

    @property
    def name(self) -> str:
        """The PBX's name in the inventory."""
        return self._way.host.label

    def run(self, command: Command, /) -> Completed:
        """Run a command to its end; HostError when it could not be run or told."""
        deadline = Deadline.after(command.timeout)
        completed = self._shell.run(command, deadline)
        if completed is not None:
            return completed
        return execution.run(self._transport, self._way.host, command, deadline, self._shell.make_room)

    def dial(self, address: str, port: int, timeout: float, /) -> ChannelStream:
        """A TCP connection made by the host itself, seen from inside its network."""
        return channel_stream.dial(self._transport, address, port, timeout)

    def again(self) -> None:
        """Connect anew where the connection has broken; HostError where the host cannot be reached."""
        self._connections.close()
        # An undo waits behind nobody, and hears from the server itself whether it answers.
        self._connections, self._transport = _connected(self._way, self._files, Gates())
        self._shell = Shell(self._transport, self._way.host)

    def close(self) -> None:
        """End the connection at once; twice is fine."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"SshHost({self._way.host})"


def _connected(way: Route, files: OperatorFiles, gates: Gates) -> tuple[contextlib.ExitStack, Transport]:
    """The connection to the end of the way, and all that must be closed after it."""
    with contextlib.ExitStack() as stack:
        before: Transport | None = None
        for number, jump in enumerate(way.jumps):
            with gates.to_jump_host(jump, way.jumps[:number]):
                before = connect_hop(jump, before, files)
            stack.callback(close, before)
        with gates.to_host(way.host, way.jumps):
            transport = connect_hop(way.host, before, files)
        stack.callback(close, transport)
        return stack.pop_all(), transport
