"""Hosts made ready for confgen, one after the other, by root."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from confgen.drivers import driver_of
from confgen.model.driver import PushRefused
from confgen.model.host import HostError
from confgen.model.result import Outcome, Result
from confgen.remote.ssh import connect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confgen.fleet.stop import Stop
    from confgen.fleet.watcher import Watcher
    from confgen.model.bootstrap import Bootstrap
    from confgen.model.inventory import Inventory, Pbx


def install(
    inventory: Inventory,
    pbxs: Sequence[Pbx],
    watcher: Watcher,
    *,
    wanted: Bootstrap,
    user: str | None,
    stop: Stop | None = None,
) -> tuple[Result, ...]:
    """Prepare each host as `user`, who is root or becomes root by sudo without a password.

    None is root where the inventory's user goes through sudo, and else whoever the inventory says.
    """
    results: list[Result] = []
    for pbx in pbxs:
        if stop is not None and stop.is_asked:
            break
        started = time.monotonic()
        watcher.begin(pbx.name)
        result = replace(_installed(inventory, pbx, watcher, wanted, user), seconds=time.monotonic() - started)
        watcher.end(result)
        results.append(result)
        if result.outcome is Outcome.INTERRUPTED:
            break
    return tuple(results)


def _installed(inventory: Inventory, pbx: Pbx, watcher: Watcher, wanted: Bootstrap, user: str | None) -> Result:
    access = replace(pbx.ssh, user=user or ("root" if pbx.ssh.uses_sudo else pbx.ssh.user))
    watcher.step(pbx.name, "preparing the host")
    try:
        driver_of(pbx.kind).bootstrap(pbx, wanted)  # a product of which nothing is installed is not connected to
        with connect(access, name=pbx.name, folder=Path(inventory.folder)) as host:
            did = driver_of(pbx.kind).prepare(host, pbx, wanted)
    except KeyboardInterrupt:
        message = "interrupted; what was done stays, and it is safe to run again"
        return Result(pbx=pbx.name, outcome=Outcome.INTERRUPTED, message=message)
    except HostError as error:
        return Result(pbx=pbx.name, outcome=Outcome.UNKNOWN, message=str(error))
    except PushRefused as error:
        return Result(pbx=pbx.name, outcome=Outcome.REFUSED, message="refused", findings=error.findings)
    return Result(pbx=pbx.name, outcome=Outcome.PREPARED, message="; ".join(did))
