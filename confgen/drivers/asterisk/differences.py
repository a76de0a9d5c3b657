"""What differs between two configurations, in Asterisk's own words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from confgen.model.plan import Difference


def differences(_before: Mapping[str, str], _after: Mapping[str, str]) -> Sequence[Difference]:
    """Nothing is told yet."""
    return ()
