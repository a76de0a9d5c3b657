"""What was staged, tried in a second Asterisk that reaches nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.asterisk import script
from confgen.drivers.asterisk.trial import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from confgen.model.driver import Staged
    from confgen.model.finding import Finding
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx

_TIMEOUT = 90.0  # seconds, more than all that the host's script waits for


def preflight(host: Host, pbx: Pbx, staged: Staged, _step: Callable[[str], None]) -> Sequence[Finding]:
    """What the second Asterisk makes of the generation; what was there before confgen is not tried."""
    if staged.generation == 0:
        return ()
    answer = script.act(host, pbx, "preflight", str(staged.generation), push=staged.lease.push, timeout=_TIMEOUT)
    return tuple(judge(pbx, script.blocks(answer)))
