"""Workers that come while a run goes on: those are used with which it would have begun."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from confgen.fleet.cluster.parcel import Greeting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from confgen.fleet.cluster.link import Link
    from confgen.fleet.cluster.roster import Worker

_AGAIN = 30.0  # seconds before a worker that gave no answer is greeted again


class Newcomers:
    """Who was greeted, and who was turned away; for one thread."""

    def __init__(
        self,
        link: Link,
        run: str,
        greeted: Iterable[str],
        *,
        sites: Collection[str | None],
        welcome: Callable[[Greeting], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Of a run for these sites, that began with workers at the addresses that were `greeted`."""
        self._link = link
        self._run = run
        self._sites = sites
        self._welcome = welcome
        self._clock = clock
        self.greeted = frozenset(greeted)  # all that ever were: nobody else of the cluster is spoken to
        self._turned_away: dict[str, float] = {}  # addresses, and until when

    def met(self, there: Mapping[str, Worker], known: Collection[str]) -> Iterator[Worker]:
        """Those of whom nobody knew, and who are welcome; nobody is asked twice who has answered."""
        now = self._clock()
        self._turned_away = {
            address: until for address, until in self._turned_away.items() if address in there and now < until
        }
        new = [
            worker
            for address, worker in there.items()
            if address not in known and address not in self._turned_away and self._is_of_use(worker)
        ]
        self.greeted |= {worker.address for worker in new}
        told = self._link.greet(self._run, [worker.address for worker in new]) if new else {}
        for worker in new:
            greeting = told[worker.address]
            if isinstance(greeting, Greeting) and self._welcome(greeting):
                yield worker.greeted(greeting, now)
            else:
                has_answered = isinstance(greeting, Greeting)
                self._turned_away[worker.address] = math.inf if has_answered else self._clock() + _AGAIN

    def _is_of_use(self, worker: Worker) -> bool:
        if not worker.is_running or not worker.is_spoken_to_over_tls:
            return False
        return any(worker.serves(site) for site in self._sites)
