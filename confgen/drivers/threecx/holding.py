"""A 3CX kept to one push, and looked at again then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.threecx.lease import take
from confgen.drivers.threecx.observe import observe
from confgen.model.driver import Locked

if TYPE_CHECKING:
    from confgen.model.driver import Observation
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Lease


def lock(host: Host, pbx: Pbx, observation: Observation, lease: Lease) -> Locked:
    """Nobody else changes what is seen now."""
    taken_over = take(host, pbx, observation, lease)
    return Locked(observation=observe(host, pbx), taken_over=taken_over)
