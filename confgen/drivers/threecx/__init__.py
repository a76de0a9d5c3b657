"""3CX V20 by its Configuration API (XAPI): a product of API objects."""

from __future__ import annotations

from confgen.drivers.threecx.activation import activate
from confgen.drivers.threecx.by_hand import by_hand
from confgen.drivers.threecx.differences import differences
from confgen.drivers.threecx.ending import confirm, undo
from confgen.drivers.threecx.findings import findings
from confgen.drivers.threecx.going_back import kept, stage_kept, written
from confgen.drivers.threecx.impact import impact
from confgen.drivers.threecx.lease import lock, unlock
from confgen.drivers.threecx.masking import irreversible, mask
from confgen.drivers.threecx.observe import calls, observe, read
from confgen.drivers.threecx.preflight import preflight
from confgen.drivers.threecx.observe import cut_off
from confgen.drivers.threecx.security import security_delta, weaker
from confgen.drivers.threecx.sources import sources
from confgen.drivers.threecx.staging import stage
from confgen.drivers.threecx.switching import switch
from confgen.drivers.threecx.findings import findings
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
    "bootstrap",
    "by_hand",
    "calls",
    "confirm",
    "cut_off",
    "differences",
    "discard",
    "findings",
    "guarantees",
    "impact",
    "irreversible",
    "judge",
    "kept",
    "kind",
    "lock",
    "mask",
    "observe",
    "on_host",
    "own",
    "preflight",
    "prepare",
    "put_away",
    "read",
    "security_delta",
    "sources",
    "stage",
    "stage_kept",
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
