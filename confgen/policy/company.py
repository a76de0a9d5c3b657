"""What rules look at: an inventory as a whole, seen once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from confgen.paths import Network

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from confgen.model.driver import Traits
    from confgen.model.inventory import Inventory, Pbx


@dataclass(frozen=True, kw_only=True)  # without slots: what is worked out once is kept
class Company:
    """An inventory, and the day on which it is judged."""

    inventory: Inventory
    today: date
    traits: Mapping[str, Traits] = field(default_factory=dict)  # of each kind of PBX

    @property
    def pbxs(self) -> tuple[Pbx, ...]:
        """Every PBX, in the order they were written."""
        return self.inventory.pbxs

    @cached_property
    def by_name(self) -> Mapping[str, Pbx]:
        """Every PBX by its name."""
        return {pbx.name: pbx for pbx in self.pbxs}

    def has_files(self, pbx: Pbx) -> bool:
        """Whether confgen writes its configuration; a product of API objects decides more by itself."""
        return pbx.kind not in self.traits or not self.traits[pbx.kind].is_asked_by_api

    @cached_property
    def calls(self) -> Network:
        """Every way that calls can take."""
        return Network(self.pbxs, today=self.today)
