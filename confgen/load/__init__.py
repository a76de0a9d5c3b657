"""YAML to the model, strictly, with every finding at once."""

from __future__ import annotations

from confgen.load.inventory import Loaded, load_effective, load_inventory
from confgen.load.unreadable import Unreadable

__all__ = ["Loaded", "Unreadable", "load_effective", "load_inventory"]
