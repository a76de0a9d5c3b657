"""Desired documents against observed ones. Pure: the caller has looked."""

from __future__ import annotations

from confgen.plan.changes import carried_changes, changed_keys, plan
from confgen.plan.saved import Needed, moved, needed, origin, origin_moved, savable, without_key

__all__ = [
    "Needed",
    "carried_changes",
    "changed_keys",
    "moved",
    "needed",
    "origin",
    "origin_moved",
    "plan",
    "savable",
    "without_key",
]
