"""Which workers there are, what each may do at once, and who takes the next piece of work. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from confgen.model.cluster import SITE_RESOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.fleet.cluster.parcel import Greeting

TLS = "tls://"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One process; `resources` are amounts by name, as it was started with them."""

    address: str
    threads: int
    resources: Mapping[str, float] = field(default_factory=dict)
    token: str = ""  # of its greeting
    ahead: float = 0.0  # seconds by which its monotonic clock is ahead of ours, at least
    is_running: bool = True  # False: it ends what it has begun, and begins nothing new

    def greeted(self, greeting: Greeting, asked: float) -> Worker:
        """As it answered to a greeting of this moment on our monotonic clock."""
        return replace(self, token=greeting.token, ahead=greeting.now - asked)

    @property
    def is_spoken_to_over_tls(self) -> bool:
        return self.address.startswith(TLS)

    @property
    def has_site(self) -> bool:
        """Whether it stands behind some firewall."""
        return any(name.startswith(SITE_RESOURCE) for name in self.resources)

    def serves(self, site: str | None) -> bool:
        """Whether PBXs of the site are its own; those without a site are of workers without one."""
        return self.most(site) > 0

    def most(self, site: str | None) -> int:
        """How many PBXs of the site it takes at once."""
        if site is None:
            return 0 if self.has_site else self.threads
        return min(self.threads, int(self.resources.get(SITE_RESOURCE + site, 0)))


class Roster:
    """The workers of one run; whoever uses it from several threads locks it."""

    def __init__(self) -> None:
        self._workers: dict[str, Worker] = {}  # by address
        self._busy: Counter[str] = Counter()  # by address
        self._busy_for: Counter[tuple[str, str | None]] = Counter()

    @property
    def addresses(self) -> frozenset[str]:
        """Of those that are there."""
        return frozenset(self._workers)

    def add(self, worker: Worker) -> None:
        self._workers[worker.address] = worker

    def remove(self, address: str) -> None:
        self._workers.pop(address, None)

    def see(self, there: Mapping[str, Worker]) -> None:
        """Whether those that are there are running now."""
        for address, worker in self._workers.items():
            if address in there:
                self._workers[address] = replace(worker, is_running=there[address].is_running)

    def serves(self, site: str | None) -> bool:
        """Whether anybody does who is running."""
        return any(worker.is_running and worker.serves(site) for worker in self._workers.values())

    def free(self, site: str | None) -> Worker | None:
        """The least busy one that has room."""
        free = [worker for worker in self._workers.values() if self._has_room(worker, site)]
        return min(free, key=lambda worker: (self._busy[worker.address] / worker.threads, worker.address), default=None)

    def any_of(self, site: str | None) -> Worker | None:
        """The least busy one of the site, whether it has room or not; one that runs before one that does not."""
        serving = [worker for worker in self._workers.values() if worker.serves(site)]
        return min(
            serving,
            key=lambda worker: (not worker.is_running, self._busy[worker.address] / worker.threads),
            default=None,
        )

    def take(self, worker: Worker, site: str | None) -> None:
        """It is given one more."""
        self._busy[worker.address] += 1
        self._busy_for[worker.address, site] += 1

    def give_back(self, worker: Worker, site: str | None) -> None:
        """It has one less; what an earlier process at its address was given is not counted twice."""
        self._busy[worker.address] -= 1
        self._busy_for[worker.address, site] -= 1

    def _has_room(self, worker: Worker, site: str | None) -> bool:
        return (
            worker.is_running
            and self._busy[worker.address] < worker.threads
            and self._busy_for[worker.address, site] < worker.most(site)
        )
