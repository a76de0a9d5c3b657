"""3CX V20 by its Configuration API (XAPI): a product of API objects."""

from __future__ import annotations

from confgen.drivers.threecx.activation import activate
from confgen.drivers.threecx.artefacts import render_only
from confgen.drivers.threecx.by_hand import by_hand
from confgen.drivers.threecx.differences import differences
from confgen.drivers.threecx.ending import confirm, undo
from confgen.drivers.threecx.examination import examine
from confgen.drivers.threecx.findings import findings
from confgen.drivers.threecx.going_back import kept, stage_kept, written
from confgen.drivers.threecx.holding import lock
from confgen.drivers.threecx.impact import impact
from confgen.drivers.threecx.lease import go_on, unlock
from confgen.drivers.threecx.leg import call_outside, call_peer, heard_of_peer
from confgen.drivers.threecx.limits import not_enforceable
from confgen.drivers.threecx.masking import irreversible, mask
from confgen.drivers.threecx.material import material
from confgen.drivers.threecx.observe import calls, cut_off, observe, read
from confgen.drivers.threecx.preflight import preflight
from confgen.drivers.threecx.provider_leg import ask_provider
from confgen.drivers.threecx.security import security_delta, weaker
from confgen.drivers.threecx.sources import sources
from confgen.drivers.threecx.staging import stage
from confgen.drivers.threecx.state import state
from confgen.drivers.threecx.switching import switch
from confgen.drivers.threecx.traits import GUARANTEES, TRAITS
from confgen.drivers.threecx.without import (
    absent,
    as_kept,
    bootstrap,
    discard,
    judge,
    on_host,
    own,
    prepare,
    put_away,
    undone,
)

__all__ = [
    "absent",
    "activate",
    "as_kept",
    "ask_provider",
    "bootstrap",
    "by_hand",
    "call_outside",
    "call_peer",
    "calls",
    "confirm",
    "cut_off",
    "differences",
    "discard",
    "examine",
    "findings",
    "go_on",
    "guarantees",
    "heard_of_peer",
    "impact",
    "irreversible",
    "judge",
    "kept",
    "kind",
    "lock",
    "mask",
    "material",
    "not_enforceable",
    "observe",
    "on_host",
    "own",
    "preflight",
    "prepare",
    "put_away",
    "read",
    "render_only",
    "security_delta",
    "sources",
    "stage",
    "stage_kept",
    "state",
    "switch",
    "traits",
    "undo",
    "undone",
    "unlock",
    "weaker",
    "written",
]

kind = "threecx"
guarantees = GUARANTEES
traits = TRAITS
