"""One piece of work under way on a cluster, and what is said of it where it ends there without an answer."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from confgen.fleet.cluster.errors import NoWorker

if TYPE_CHECKING:
    from confgen.fleet.cluster.parcel import Perform, Work
    from confgen.fleet.cluster.roster import Worker

UNCERTAIN = (
    "the PBX is wholly as before or wholly as it should be: what was not confirmed, its host undoes; "
    "`confgen push --resume` goes on"
)


@dataclass(eq=False, kw_only=True)
class Errand:
    """One piece of work under way."""

    number: int
    perform: Perform
    work: Work
    worker: Worker
    answer: Future[Any] = field(default_factory=Future)
    sent: Future[object] | None = None
    is_begun: bool = False  # as its worker says; False where it was not asked
    repeats: int = 0
    delays: int = 0  # how often it was sent anew, for nobody had begun it in time

    @property
    def site(self) -> str | None:
        return self.work.pbx.site

    @property
    def at(self) -> str:
        """Where it was sent, in words."""
        return f"the worker at {self.worker.address}"


def nobody(site: str | None) -> NoWorker:
    """What a PBX is told for which no worker is left."""
    where = "without a site" if site is None else f"of the site {site}"
    return NoWorker(f"no worker {where} is left; nothing was begun here")
