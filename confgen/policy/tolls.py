"""The PBXs whose calls cost: where confgen writes the dialplan, and a number can leave. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.inventory import Part
from confgen.model.toll import outward_routes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.inventory import Pbx
    from confgen.policy.company import Company


def guarded_pbxs(company: Company) -> Iterator[Pbx]:
    """Those that a guard stands in: there is a route to a provider or to a line of the PBX's own."""
    for pbx in company.pbxs:
        if Part.DIALPLAN in pbx.manages and outward_routes(pbx):
            yield pbx
