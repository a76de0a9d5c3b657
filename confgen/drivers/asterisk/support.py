"""How long each branch of Asterisk gets security fixes, by Asterisk's own table of versions."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# https://docs.asterisk.org/About-the-Project/Asterisk-Versions/: branch to its last day
SUPPORT_ENDED: Mapping[int, str] = MappingProxyType({16: "2023-10-09", 18: "2025-10-20", 21: "2026-10-18"})
SUPPORT_ENDS: Mapping[int, date] = MappingProxyType(
    {20: date(2027, 10, 19), 22: date(2029, 10, 16), 23: date(2027, 10, 15)}
)
