"""Many PBXs, canary first and then in batches, the legs between them, and the journal of it all."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from confgen.fleet.bootstrapping import install
    from confgen.fleet.cluster import on_cluster
    from confgen.fleet.crew import Keep, wholly
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

_MODULES = {
    "bootstrapping": ("install",),
    "cluster": ("on_cluster",),
    "crew": ("Keep", "wholly"),
    "journal": ("Journal", "keep_journal"),
    "outside": ("verify_outside",),
    "past": ("History", "PastRun", "PastWork", "history", "left"),
    "places": ("Places",),
    "preparation": ("bootstrap", "effective", "load", "render_masked", "render_revealed", "validate"),
    "selection": ("NoSuchPbx", "select"),
    "stop": ("Stop",),
    "watcher": ("Watcher",),
    "work": ("examine", "plan", "push", "rollback", "verify"),
}


def __getattr__(name: str) -> object:
    """A module is read when somebody asks for what is in it (PEP 562): who validates waits for no SSH."""
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=None)
