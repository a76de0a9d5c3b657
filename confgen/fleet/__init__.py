"""Many PBXs, one after the other, and the legs between them."""

from __future__ import annotations

from confgen.fleet.bootstrapping import install
from confgen.fleet.preparation import bootstrap, load, render_masked, render_revealed
from confgen.fleet.selection import NoSuchPbx, select
from confgen.fleet.watcher import Watcher
from confgen.fleet.work import plan, push, rollback, verify

__all__ = [
    "NoSuchPbx",
    "Watcher",
    "bootstrap",
    "install",
    "load",
    "plan",
    "push",
    "render_masked",
    "render_revealed",
    "rollback",
    "select",
    "verify",
]
