"""What rules look at: an inventory as a whole, seen once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from confgen.paths import Network
from confgen.policy.opened import Opened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from confgen.model.driver import Traits
    from confgen.model.inventory import Inventory, Pbx
    from confgen.model.policy import Waiver

_YEAR = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)  # without slots: what is worked out once is kept
class Company:
    """An inventory, the day on which it is judged, and what of its certificates and secrets was opened."""

    inventory: Inventory
    today: date
    traits: Mapping[str, Traits] = field(default_factory=dict)  # of each kind of PBX
    opened: Opened = field(default_factory=Opened)

    @property
    def pbxs(self) -> tuple[Pbx, ...]:
        """Every PBX, in the order they were written."""
        return self.inventory.pbxs

    @cached_property
    def by_name(self) -> Mapping[str, Pbx]:
        """Every PBX by its name."""
        return {pbx.name: pbx for pbx in self.pbxs}

    def only_pbx_of(self, waiver: Waiver) -> str | None:
        """The PBX that a waiver is for, where it names one."""
        return waiver.pbx if waiver.pbx in self.by_name else None

    def has_files(self, pbx: Pbx) -> bool:
        """Whether confgen writes its configuration; a product of API objects decides more by itself."""
        return pbx.kind not in self.traits or not self.traits[pbx.kind].is_asked_by_api

    @cached_property
    def calls(self) -> Network:
        """Every way that calls can take."""
        return Network(self.pbxs, today=self.today)

    def support_ends(self, pbx: Pbx) -> date | None:
        """The last day on which its version gets security fixes; None where that is not known."""
        traits = self.traits.get(pbx.kind)
        return None if traits is None else traits.support_ends.get(pbx.product_version.branch)

    def longest_supported(self, pbx: Pbx) -> str:
        """The version of its product that gets them longest, with the day."""
        ends = self.traits[pbx.kind].support_ends
        version = max(ends, key=lambda one: ends[one])
        return f"{version}, which gets them until {ends[version]}"

    def knows_sha_256(self, pbx: Pbx) -> bool:
        """Whether its version can ask for passwords by SHA-256."""
        traits = self.traits.get(pbx.kind)
        since = None if traits is None else traits.hashes_since.get(pbx.product_version.branch)
        return since is not None and pbx.product_version >= since

    def is_far_away(self, day: date) -> bool:
        """Whether an exception that ends on this day lasts longer than a year: nobody would look at it again."""
        return day - self.today > _YEAR
