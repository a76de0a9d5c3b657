"""What the executor asks of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from concurrent.futures import Future

    from confgen.fleet.cluster.parcel import Greeting, Parcel, Ticket
    from confgen.fleet.cluster.roster import Worker


class Link(Protocol):
    """A connection to a scheduler."""

    @property
    def is_lost(self) -> bool:
        """Whether it broke; what was under way through it is not heard of any more."""

    def workers(self) -> Mapping[str, Worker]:
        """Those that are there now, by address; ClusterUnreachable where the scheduler does not say."""

    def scheduler(self) -> Greeting | str:
        """What the scheduler says of itself, or why it cannot."""

    def greet(self, run: str, addresses: Collection[str]) -> Mapping[str, Greeting | str]:
        """What each of the workers says of itself, or why it cannot."""

    def submit(
        self, ticket: Ticket, parcel: Parcel, worker: Worker, resource: str | None, *, priority: int
    ) -> Future[object]:
        """Have it carried out by this worker and by no other, before what has less priority there.

        Cancelled where the link is lost.
        """

    def withdraw(self, run: str, worker: Worker, numbers: Collection[int]) -> Collection[int] | None:
        """Those of the worker's tickets that were not begun, and now never will be; None where it does not say."""

    def halt(self, run: str, addresses: Collection[str]) -> None:
        """Tell these workers that the operator asked to stop."""

    def farewell(self, run: str, addresses: Collection[str]) -> None:
        """Tell these workers that the run is over."""
