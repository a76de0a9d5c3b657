"""Encrypted telephony from one inventory: checked, rendered, pushed and proven on the wire."""

from __future__ import annotations

__version__ = "0.1.0"
