"""A program whose fleet is in the midst of its work, for tests that send it signals.

`python -m tests.cli.working HEARS COMMAND FOLDER`: the canary is done, and two PBXs are worked on in threads of their
own, until they hear that they should stop (`stops`), or for ever (`deaf`). It says `under way` on stderr.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from confgen.cli import main
from confgen.fleet import Journal, Keep, Places, Stop, Watcher
from confgen.fleet.job import Job, Site
from confgen.fleet.rollout import roll_out
from confgen.model.depth import Depth
from confgen.model.inventory import Inventory, Pbx
from confgen.model.result import Result
from confgen.model.saved import SavedPlan
from confgen.model.terms import Batch, Pace, Strategy, Terms
from tests.cli.fakes import FakeWork
from tests.fleet.fakes import Hands, jobs_of

_TIMEOUT = 30  # seconds, should no signal come
_STRATEGY = Strategy(batches=(Batch(size=2),))


class Working(FakeWork):
    """Says when it is under way, and then waits for a word."""

    def push(  # noqa: PLR0913 -- each with a name
        self,
        _inventory: Inventory,
        pbxs: Sequence[Pbx],
        watcher: Watcher,
        /,
        *,
        terms: Terms,
        strategy: Strategy,
        agreed: SavedPlan | None,
        pace: Pace,
        stop: Stop,
        journal: Journal,
        keep: Keep,
        executor: Places | None = None,  # noqa: ARG002 -- work has it
    ) -> tuple[Result, ...]:
        self.terms, self.strategy, self.agreed, self.pace = terms, strategy, agreed, pace
        return _worked(pbxs, watcher, stop, journal, keep)

    def verify(
        self,
        _inventory: Inventory,
        pbxs: Sequence[Pbx],
        watcher: Watcher,
        /,
        *,
        depth: Depth,
        pace: Pace,
        stop: Stop,
        keep: Keep,
        executor: Places | None = None,  # noqa: ARG002 -- work has it
    ) -> tuple[Result, ...]:
        self.depth, self.pace = depth, pace
        return _worked(pbxs, watcher, stop, Journal.nowhere(), keep)


def _worked(pbxs: Sequence[Pbx], watcher: Watcher, stop: Stop, journal: Journal, keep: Keep) -> tuple[Result, ...]:
    both = threading.Barrier(2, timeout=_TIMEOUT)
    word = threading.Event()

    def work(job: Job, _site: Site) -> None:
        if job.pbx.name == pbxs[0].name:
            return
        if both.wait() == 0:
            sys.stderr.write("under way\n")
            sys.stderr.flush()
        if sys.argv[1] == "deaf":
            word.wait(_TIMEOUT)
        while not stop.is_asked:
            word.wait(0.01)

    with Hands(before=work, stop=stop, journal=journal, watcher=watcher).crew() as crew:
        return roll_out(crew, jobs_of(*(pbx.name for pbx in pbxs)), _STRATEGY, keep).results


if __name__ == "__main__":
    main([sys.argv[2]], obj=Working(journals=Path(sys.argv[3])))
