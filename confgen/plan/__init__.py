"""Desired documents against observed ones. Pure: the caller has looked."""

from __future__ import annotations

from confgen.plan.changes import changed_keys, plan

__all__ = ["changed_keys", "plan"]
