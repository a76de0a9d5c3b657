"""Many PBXs, canary first and then in batches, the legs between them, and the journal of it all."""

from __future__ import annotations

from confgen.fleet.bootstrapping import install
from confgen.fleet.crew import Keep, wholly
from confgen.fleet.elsewhere import on_cluster
from confgen.fleet.journal import Journal, keep_journal
from confgen.fleet.outside import verify_outside
from confgen.fleet.past import History, PastRun, PastWork, history, left
from confgen.fleet.places import Places
from confgen.fleet.preparation import bootstrap, effective, load, render_masked, render_revealed, validate
from confgen.fleet.selection import NoSuchPbx, select
from confgen.fleet.stop import Stop
from confgen.fleet.watcher import Watcher
from confgen.fleet.work import examine, plan, push, rollback, verify

__all__ = [
    "History",
    "Journal",
    "Keep",
    "NoSuchPbx",
    "PastRun",
    "PastWork",
    "Places",
    "Stop",
    "Watcher",
    "bootstrap",
    "effective",
    "examine",
    "history",
    "install",
    "keep_journal",
    "left",
    "load",
    "on_cluster",
    "plan",
    "push",
    "render_masked",
    "render_revealed",
    "rollback",
    "select",
    "validate",
    "verify",
    "verify_outside",
    "wholly",
]
