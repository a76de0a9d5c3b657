"""3CX V20 by its Configuration API (XAPI): a product of API objects."""

from __future__ import annotations

from confgen.drivers.threecx.findings import findings
from confgen.drivers.threecx.traits import GUARANTEES, TRAITS

__all__ = [
    "findings",
    "guarantees",
    "kind",
    "traits",
]

kind = "threecx"
guarantees = GUARANTEES
traits = TRAITS
