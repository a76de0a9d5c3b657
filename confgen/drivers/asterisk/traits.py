"""What Asterisk is like: it can be made to encrypt everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.check import Level
    from confgen.model.finding import Finding
    from confgen.model.inventory import Pbx


def not_enforceable(_pbx: Pbx, /) -> Mapping[Level, str]:
    """Every level can be brought about."""
    return {}


def render_only(_pbx: Pbx, /) -> Finding | None:
    """Every version that is known can be pushed to."""
    return None
