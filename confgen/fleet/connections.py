"""The connections of one run."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from confgen.remote.ssh import Dialler
from confgen.secrets.resolution import Resolver

if TYPE_CHECKING:
    from contextlib import ExitStack

    from confgen.fleet.api_access import Dial
    from confgen.model.host import Host
    from confgen.model.inventory import Inventory, Pbx
    from confgen.remote.api.host import PbxApi
    from confgen.remote.ssh import SshHost

KEPT = 32  # of those that nobody works on


class Connections:
    """One connection to each PBX, made when it is first needed, and kept while there are not too many.

    Any thread may ask, and several for the same PBX; what is given back must be needed by none of them.
    """

    def __init__(
        self,
        inventory: Inventory,
        stack: ExitStack,
        *,
        dial: Dial | None = None,
        kept: int = KEPT,
        resolver: Resolver | None = None,
    ) -> None:
        """Connections are closed when the stack is; of those that nobody works on, `kept` stay open until then."""
        self.folder = inventory.folder
        self._resolver = resolver or Resolver()
        self._dial = dial or Dialler().connect
        self._kept = kept
        self._lock = threading.Lock()
        self._dialling: dict[str, threading.Lock] = {}  # by name
        self._hosts: dict[str, SshHost | PbxApi] = {}
        self._idle: dict[str, None] = {}  # names, idle for the longest time first
        stack.callback(self._close)

    def to(self, pbx: Pbx) -> Host:
        """The PBX's host; HostError where it cannot be reached."""
        with self._lock:
            self._idle.pop(pbx.name, None)
            known = self._hosts.get(pbx.name)
            dialling = self._dialling.setdefault(pbx.name, threading.Lock())
        if known is not None:
            return known
        with dialling:
            with self._lock:
                known = self._hosts.get(pbx.name)
            if known is not None:  # another thread has dialled meanwhile
                return known
            host = self._reached(pbx)
            with self._lock:
                self._hosts[pbx.name] = host
            return host

    def release(self, pbx: Pbx) -> None:
        """Nobody works on the PBX now; whoever asks for it later is connected anew where it had to be closed."""
        with self._lock:
            if pbx.name in self._hosts:
                self._idle[pbx.name] = None
            surplus = list(self._idle)[: max(0, len(self._idle) - self._kept)]
            closing = [self._hosts.pop(name) for name in surplus]
            for name in surplus:
                del self._idle[name]
            for name in {pbx.name, *surplus} - self._hosts.keys():
                self._dialling.pop(name, None)
        for host in closing:
            _end(host)

    def _reached(self, pbx: Pbx) -> SshHost | PbxApi:
        if pbx.api is not None:
            from confgen.fleet.api_access import reach  # noqa: PLC0415 -- who has no API does not wait for HTTP to load

            folder = Path(self.folder)
            return reach(pbx, pbx.api, folder=folder, dial=self._dial, resolver=self._resolver)
        return self._dial(pbx.ssh, name=pbx.name, folder=Path(self.folder))

    def _close(self) -> None:
        for host in self._hosts.values():
            _end(host)
        self._hosts.clear()
        self._idle.clear()


def _end(host: SshHost | PbxApi) -> None:
    """Nobody needs the connection any more: what goes wrong with it costs no result, and leaves no other one open."""
    with suppress(Exception):
        host.close()
