"""What was staged, tried in a second Asterisk that reaches nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confgen.model.driver import Staged
    from confgen.model.finding import Finding
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx


def preflight(_host: Host, _pbx: Pbx, _staged: Staged) -> Sequence[Finding]:
    """Nothing is tried yet."""
    return ()
