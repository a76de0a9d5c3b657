"""A cluster that a test makes up: no process, no socket, no thread."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from confgen import __version__
from confgen.fleet.cluster.errors import ClusterUnreachable
from confgen.fleet.cluster.link import Link
from confgen.fleet.cluster.parcel import Greeting, NotBegun, Parcel, Ticket
from confgen.fleet.cluster.roster import Worker


def greeting(token: str = "", **told: object) -> Greeting:
    values = {
        "version": __version__,
        "demands_encryption": True,
        "addresses": ("tls://192.0.2.1:1",),
        "now": 0.0,
        **told,
    }
    return Greeting(token=token, **values)  # type: ignore[arg-type]


def worker(name: str, *, threads: int = 2, token: str = "", **resources: float) -> Worker:
    """`site_eu=2` is the resource `site-eu`."""
    named = {resource.replace("_", "-"): amount for resource, amount in resources.items()}
    return Worker(address=f"tls://{name}:1", threads=threads, resources=named, token=token)


@dataclass
class Sent:
    """One piece of work, as it was sent."""

    ticket: Ticket
    parcel: Parcel
    worker: Worker
    resource: str | None
    priority: int
    future: Future[object] = field(default_factory=Future)

    def comes_back(self, answer: object) -> None:
        self.future.set_result(answer)

    def is_late(self) -> None:
        self.future.set_result(NotBegun(token=self.ticket.worker, is_late=True))

    def is_refused(self, by: str = "another process") -> None:
        self.future.set_result(NotBegun(token=by))


@dataclass
class FakeLink:
    """Fulfils Link."""

    there: dict[str, Worker] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    greetings: dict[str, Greeting | str] = field(default_factory=dict)  # by address; else a good one
    of_scheduler: Greeting | str = field(default_factory=greeting)
    is_lost: bool = False
    not_begun: tuple[int, ...] | None = ()  # tickets; None where no worker tells
    is_silent: bool = False  # it holds, and nobody answers

    @classmethod
    def of(cls, *workers: Worker) -> FakeLink:
        return cls(there={worker.address: worker for worker in workers})

    def workers(self) -> Mapping[str, Worker]:
        if self.is_silent:
            raise ClusterUnreachable("the scheduler does not answer")
        return dict(self.there)

    def scheduler(self) -> Greeting | str:
        return self.of_scheduler

    def greet(self, run: str, addresses: Collection[str]) -> Mapping[str, Greeting | str]:
        self.said.append(f"greet {run} {' '.join(sorted(addresses))}")
        return {address: self.greetings.get(address, greeting(f"token of {address}")) for address in addresses}

    def submit(
        self, ticket: Ticket, parcel: Parcel, worker: Worker, resource: str | None, *, priority: int
    ) -> Future[object]:
        self.sent.append(Sent(ticket, parcel, worker, resource, priority))
        return self.sent[-1].future

    def withdraw(self, run: str, worker: Worker, numbers: Collection[int]) -> Collection[int] | None:
        self.said.append(f"withdraw {run} {worker.token} {sorted(numbers)}")
        return self.not_begun and set(numbers) & set(self.not_begun)

    def halt(self, run: str, addresses: Collection[str]) -> None:
        self.said.append(f"halt {run} {' '.join(sorted(addresses))}")

    def farewell(self, run: str, addresses: Collection[str]) -> None:
        self.said.append(f"farewell {run} {' '.join(sorted(addresses))}")


_FULFILS: type[Link] = FakeLink
