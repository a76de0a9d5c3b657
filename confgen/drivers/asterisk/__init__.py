"""Asterisk 16 to 23: a product of files."""

from __future__ import annotations

from confgen.drivers.asterisk.advisories import as_of
from confgen.drivers.asterisk.before import on_host
from confgen.drivers.asterisk.bootstrap import bootstrap, prepare
from confgen.drivers.asterisk.cut_off import cut_off
from confgen.drivers.asterisk.differences import differences
from confgen.drivers.asterisk.examination import examine
from confgen.drivers.asterisk.findings import findings
from confgen.drivers.asterisk.generations import activate, by_hand, confirm, discard, stage, stage_kept, switch, undo
from confgen.drivers.asterisk.holding import lock
from confgen.drivers.asterisk.impact import impact
from confgen.drivers.asterisk.kept import as_kept, kept, material, written
from confgen.drivers.asterisk.layout import absent
from confgen.drivers.asterisk.lease import calls, go_on, unlock
from confgen.drivers.asterisk.leg import call_outside, call_peer, heard_of_peer
from confgen.drivers.asterisk.masking import mask
from confgen.drivers.asterisk.observe import observe, read, undone
from confgen.drivers.asterisk.options import releases_with
from confgen.drivers.asterisk.own_files import judge, own
from confgen.drivers.asterisk.preflight import preflight
from confgen.drivers.asterisk.provider_leg import ask_provider
from confgen.drivers.asterisk.put_away import put_away
from confgen.drivers.asterisk.security import irreversible, security_delta, weaker
from confgen.drivers.asterisk.sources import sources
from confgen.drivers.asterisk.state import state
from confgen.drivers.asterisk.support import SUPPORT_ENDS
from confgen.drivers.asterisk.traits import not_enforceable, render_only
from confgen.model.driver import Guarantees, Lock, Traits

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

kind = "asterisk"
guarantees = Guarantees(atomic=True, undo_without_link=True, lock=Lock.HOST)
traits = Traits(
    hashes_since=releases_with("pjsip.conf", "auth", "password_digest"),
    support_ends=SUPPORT_ENDS,
    faults_known_until=as_of(),
)
