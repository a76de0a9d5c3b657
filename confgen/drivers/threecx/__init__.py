"""3CX V20 by its Configuration API (XAPI): a product of API objects."""

from __future__ import annotations

from confgen.drivers.threecx.findings import findings
from confgen.drivers.threecx.leg import call_outside, call_peer, heard_of_peer
from confgen.drivers.threecx.limits import not_enforceable
from confgen.drivers.threecx.material import material
from confgen.drivers.threecx.provider_leg import ask_provider
from confgen.drivers.threecx.state import state
from confgen.drivers.threecx.traits import GUARANTEES, TRAITS

__all__ = [
    "ask_provider",
    "call_outside",
    "call_peer",
    "findings",
    "guarantees",
    "heard_of_peer",
    "kind",
    "material",
    "not_enforceable",
    "state",
    "traits",
]

kind = "threecx"
guarantees = GUARANTEES
traits = TRAITS
