"""What extensions.conf says of one PBX: every decision that its template writes down. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confgen.model.dialling import ByTrunk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.inventory import Pbx


def dialplan_values(pbx: Pbx) -> Mapping[str, Any]:
    return {
        "numbers": [extension.number for extension in pbx.extensions],
        "has_echo": pbx.echo_number is not None,
        "echo_number": pbx.echo_number or "",
        "routes": [
            {"pattern": f"_{route.numbers}" if not route.numbers.isdigit() else route.numbers, "trunk": route.way.trunk}
            for route in pbx.routes
            if isinstance(route.way, ByTrunk)
        ],
        "trunks": [{"name": trunk.name, "variable": leg_variable(trunk.name)} for trunk in pbx.trunks],
    }


def leg_variable(trunk: str) -> str:
    """The global variable in which a trunk's proving call leaves what it saw."""
    return "CONFGEN_LEG_" + trunk.replace("-", "_").upper()
