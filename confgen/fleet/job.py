"""The work on one PBX as a plain value, and what it finds where it is done."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from confgen.fleet.connections import Connections
from confgen.fleet.stop import Stop
from confgen.fleet.watcher import Watcher
from confgen.model.depth import Depth
from confgen.model.inventory import Inventory, Pbx
from confgen.model.saved import SavedPlan
from confgen.model.terms import TIME_LIMIT, Terms
from confgen.secrets.resolution import Resolver

if TYPE_CHECKING:
    from collections.abc import Callable

    from confgen.model.result import Result


class Task(Enum):
    """What is done with a PBX."""

    PLAN = "plan"
    PUSH = "push"
    VERIFY = "verify"
    EXAMINE = "examine"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be done with one PBX; it pickles, and holds references to secrets only."""

    task: Task
    inventory: Inventory  # of the one PBX alone
    terms: Terms = field(default_factory=Terms)
    depth: Depth = field(default_factory=Depth)  # of a verification
    generation: int | None = None  # to go back to; None is the one before the active one
    agreed: SavedPlan | None = None  # nothing else is carried out
    puts_back: bool = False  # what had succeeded in this run
    time_limit: float = TIME_LIMIT  # seconds after which it is given up, unless it was switched

    @property
    def pbx(self) -> Pbx:
        """The one."""
        return self.inventory.pbxs[0]

    @property
    def is_repeatable(self) -> bool:
        """Whether it may be done again where nobody knows how far it came: it changes nothing."""
        return self.task in {Task.PLAN, Task.VERIFY, Task.EXAMINE}


class Silent:
    """A watcher whom nobody hears."""

    def begin(self, pbx: str, /) -> None: ...

    def step(self, pbx: str, words: str, /) -> None: ...

    def end(self, result: Result, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Site:
    """Where jobs are done: over which connections, who is told of each step, and who may stop it.

    In another process it is a site of its own: its connections end with each job, and nobody is told of steps.
    """

    connections: Connections
    watcher: Watcher
    stop: Stop
    resolver: Resolver = field(default_factory=Resolver)  # of the whole run, so that nothing is resolved twice

    def __reduce__(self) -> tuple[Callable[[str], Site], tuple[str]]:
        return _elsewhere, (self.connections.folder,)


def _elsewhere(folder: str) -> Site:
    inventory = Inventory(pbxs=(), folder=folder)
    return Site(Connections(inventory, ExitStack(), kept=0), Silent(), Stop())
