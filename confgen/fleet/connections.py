"""The connections of one run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from confgen.remote.ssh import connect

if TYPE_CHECKING:
    from contextlib import ExitStack

    from confgen.model.host import Host
    from confgen.model.inventory import Inventory, Pbx


class Connections:
    """One connection to each PBX, made when it is first needed and kept to the end of the run."""

    def __init__(self, inventory: Inventory, stack: ExitStack) -> None:
        """Connections are closed when the stack is."""
        self._folder = Path(inventory.folder)
        self._stack = stack
        self._hosts: dict[str, Host] = {}

    def to(self, pbx: Pbx) -> Host:
        """The PBX's host; HostError where it cannot be reached."""
        if pbx.name not in self._hosts:
            host = connect(pbx.ssh, name=pbx.name, folder=self._folder)
            self._hosts[pbx.name] = self._stack.enter_context(host)
        return self._hosts[pbx.name]
