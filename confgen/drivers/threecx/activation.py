"""What is asked of a 3CX after its objects were written, so that they are in force: no more than they need."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from confgen.drivers.threecx.impact import restarted
from confgen.drivers.threecx.lease import go_on
from confgen.drivers.threecx.objects import TRUNKS, name_of, type_of
from confgen.drivers.threecx.present import present
from confgen.drivers.threecx.registering import settled
from confgen.drivers.threecx.requests import change, pages
from confgen.model.driver import Activation
from confgen.model.host import HostError

if TYPE_CHECKING:
    from collections.abc import Collection

    from confgen.model.driver import Staged
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Lease

_PATIENCE = 300.0  # seconds until a service runs again
_PAUSE = 2.0  # seconds between two looks
_SETTLED = 15.0  # seconds after which one that still runs has been started anew
_RUNNING = "Running"


def activate(host: Host, pbx: Pbx, staged: Staged) -> Activation:
    """By the smallest means that what was written needs; a trunk that was written has its time to register anew."""
    activation = put_in_force(host, pbx, staged.lease, staged.changed)
    if not activation.complaints:
        written = [name_of(key) for key in staged.changed if type_of(key) is TRUNKS]

        def pause(seconds: float) -> None:
            go_on(host, pbx, staged.lease)
            time.sleep(seconds)

        settled(host, pbx.product_version, written, pause)
    return activation


def put_in_force(host: Host, pbx: Pbx, lease: Lease, keys: Collection[str]) -> Activation:
    """Start anew what must be, else let the trunks among the keys register anew."""
    services = restarted(keys)
    if services:
        change(host, "POST", "/Services/Pbx.Restart", {"options": {"ServiceNames": list(services)}})
        return Activation(complaints=_waited_for(host, pbx, lease, services))  # with it every trunk registers anew
    trunks = [key for key in keys if type_of(key) is TRUNKS]
    for one in present(host, trunks, pbx.product_version).values():
        go_on(host, pbx, lease)
        change(host, "POST", "/Trunks/Pbx.RefreshRegistration", {"id": one.number})
    return Activation()


def _waited_for(host: Host, pbx: Pbx, lease: Lease, services: Collection[str]) -> tuple[str, ...]:
    """While they start, the API may answer with nothing, or not at all."""
    began = time.monotonic()
    stopped: set[str] = set()
    while True:
        go_on(host, pbx, lease)
        states = _states(host, services)
        stopped |= {name for name, state in states.items() if state != _RUNNING}
        passed = time.monotonic() - began
        waited_for = [
            name for name in services if states[name] != _RUNNING or (name not in stopped and passed < _SETTLED)
        ]
        if not waited_for:
            return ()
        if passed >= _PATIENCE:
            return tuple(
                f"{name} is {states[name] or 'silent'} {_PATIENCE:.0f} s after its start" for name in waited_for
            )
        time.sleep(_PAUSE)


def _states(host: Host, services: Collection[str]) -> dict[str, str]:
    try:
        told = pages(host, "/Services?$select=Name,Status")
    except HostError:
        return dict.fromkeys(services, "")
    states = {str(service.get("Name")): str(service.get("Status")) for service in told}
    return {name: states.get(name, "") for name in services}
