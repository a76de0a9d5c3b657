"""Waits until trunks that were asked to register anew have done so, or have had their time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.drivers.threecx.trunks import trunks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from confgen.drivers.threecx.trunks import Trunk
    from confgen.model.host import Host
    from confgen.model.version import ProductVersion

_LOOKS = 10  # until a trunk counts as not registered
_PAUSE = 2.0  # seconds before each look
_IN_A_ROW = 2  # looks, for the first may still tell of the registration before


@dataclass(slots=True)
class _Watched:
    in_a_row: int = 0  # looks at which it was registered, until now
    was_off: bool = False

    def is_settled(self, *, is_online: bool | None) -> bool:
        """Whether it is registered anew, now that it was looked at once more, or the PBX does not tell."""
        if is_online is None:
            return True
        self.in_a_row = self.in_a_row + 1 if is_online else 0
        self.was_off |= not is_online
        return is_online and (self.was_off or self.in_a_row >= _IN_A_ROW)


def settled(
    host: Host, version: ProductVersion, names: Collection[str], pause: Callable[[float], None]
) -> Mapping[str, Trunk]:
    """These trunks, as far as they are there, once each is registered anew, or all have had their time.

    Right after it was asked for, a PBX may still tell of the old registration: it counts as registered where it was
    seen to be off in between, or for some looks in a row. `pause` waits so many seconds.
    """
    watched = {name: _Watched() for name in names}
    found: Mapping[str, Trunk] = {}
    for _ in range(_LOOKS if names else 0):
        pause(_PAUSE)
        found = trunks(host, version)
        watched = {
            name: one
            for name, one in watched.items()
            if name in found and not one.is_settled(is_online=found[name].is_online)
        }
        if not watched:
            break
    return {name: found[name] for name in names if name in found}
