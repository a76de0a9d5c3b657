"""The modules that the user adds to those that confgen loads, with where each is named. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Place
    from confgen.model.inventory import Pbx


def own_modules(pbx: Pbx) -> Iterator[tuple[str, Place]]:
    """Those of `modules`, and those that lines of the PBX's own need; each once."""
    named = [(module, pbx.place_of("modules")) for module in pbx.modules]
    named += [(module, channel.place) for channel in pbx.channels for module in channel.modules]
    seen: dict[str, Place] = {}
    for module, place in named:
        seen.setdefault(module, place)
    yield from seen.items()
