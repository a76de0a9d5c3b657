"""What rules look at: an inventory as a whole, seen once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from confgen.policy.opened import Opened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from confgen.model.inventory import Inventory, Pbx


@dataclass(frozen=True, kw_only=True)  # without slots: what is worked out once is kept
class Company:
    """An inventory, the day on which it is judged, and what of its certificates and secrets was opened."""

    inventory: Inventory
    today: date
    opened: Opened = field(default_factory=Opened)

    @property
    def pbxs(self) -> tuple[Pbx, ...]:
        """Every PBX, in the order they were written."""
        return self.inventory.pbxs

    @cached_property
    def by_name(self) -> Mapping[str, Pbx]:
        """Every PBX by its name."""
        return {pbx.name: pbx for pbx in self.pbxs}
