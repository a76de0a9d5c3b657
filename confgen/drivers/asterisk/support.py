"""How long each branch of Asterisk gets security fixes, by Asterisk's own table of versions."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# https://docs.asterisk.org/About-the-Project/Asterisk-Versions/: branch to its last day
SUPPORT_ENDS: Mapping[int, date] = MappingProxyType(
    {
        16: date(2023, 10, 9),
        18: date(2025, 10, 20),
        20: date(2027, 10, 19),
        21: date(2026, 10, 18),
        22: date(2029, 10, 16),
        23: date(2027, 10, 15),
    }
)
LONG_SUPPORTED = frozenset({20, 22, 23})  # worth the way there, as of the table of advisories
