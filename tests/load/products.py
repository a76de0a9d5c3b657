"""Products as loading knows them: what they are like, and no findings of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from confgen.drivers import asterisk, threecx
from confgen.load.kinds import Product
from confgen.model.driver import Traits
from confgen.model.finding import Finding
from confgen.model.inventory import Pbx


@dataclass(frozen=True, kw_only=True)
class Silent:
    """A product that says nothing of the PBXs it is shown, unless it was told to."""

    traits: Traits
    told: tuple[Finding, ...] = ()

    def findings(self, _pbx: Pbx, /) -> Sequence[Finding]:
        return self.told


KINDS: Mapping[str, Product] = {
    "asterisk": Silent(traits=asterisk.traits),
    "threecx": Silent(traits=threecx.traits),
}
