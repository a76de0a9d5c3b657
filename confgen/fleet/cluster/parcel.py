"""What travels through a cluster: work that names PBXs and references, and answers."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from confgen.fleet.job import Site
    from confgen.model.inventory import Inventory, Pbx


class Work(Protocol):
    """What is to be done with one PBX; it pickles, and holds references to secrets only."""

    @property
    def inventory(self) -> Inventory:
        """Of the one PBX alone."""

    @property
    def pbx(self) -> Pbx:
        """The one."""

    @property
    def is_repeatable(self) -> bool:
        """Whether it may be done again where nobody knows how far it came."""


Perform = Callable[[Any, "Site"], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What one piece of work is begun with, once: in the process that `worker` was the greeting of, and in no other."""

    run: str
    worker: str
    number: int
    until: float  # a moment on the monotonic clock of that process: what comes later is of an operator who gave it up


class Parcel:
    """A function and its work, pickled: a scheduler need not open it, and no log shows what is in it."""

    __slots__ = ("content",)

    def __init__(self, content: bytes) -> None:
        self.content = content

    @classmethod
    def packed(cls, perform: Perform, work: Work) -> Parcel:
        """A resolved secret does not pickle: none leaves this process."""
        return cls(pickle.dumps((perform, work)))

    def opened(self) -> tuple[Perform, Work]:
        """Of a party with a certificate of the cluster: whoever has one can have any code run anyway."""
        perform, work = pickle.loads(self.content)  # noqa: S301
        return perform, work

    def __repr__(self) -> str:
        return f"<a parcel of {len(self.content)} bytes>"

    def __reduce__(self) -> tuple[type[Parcel], tuple[bytes]]:
        return Parcel, (self.content,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What a worker, or the scheduler, says of itself."""

    token: str  # of its process, for this run
    version: str  # of confgen
    demands_encryption: bool
    addresses: tuple[str, ...]  # where it listens, and where it sees the scheduler
    now: float  # on its monotonic clock


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBegun:
    """The ticket was for another process than this one, was used before, or came late: nothing was done now."""

    token: str = ""  # of this process, for the run; empty where it does not know of it
    is_late: bool = False  # it was for this process, and never used; nor will it be
