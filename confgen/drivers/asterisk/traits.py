"""What Asterisk is like: it can be made to encrypt everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.limits import Limits

if TYPE_CHECKING:
    from confgen.model.finding import Finding
    from confgen.model.inventory import Pbx


def not_enforceable(_pbx: Pbx, /) -> Limits:
    """Every level can be brought about."""
    return Limits()


def render_only(_pbx: Pbx, /) -> Finding | None:
    """Every version that is known can be pushed to."""
    return None
