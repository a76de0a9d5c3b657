"""A push is heard of while it proves, which may take longer than its lease."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from confgen.model.driver import Lock
from confgen.model.host import HostError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.driver import Driver
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Lease

_WORDS_PER_LEASE = 3  # one may come late


@contextmanager
def heard_of(host: Host, pbx: Pbx, driver: Driver, lease: Lease) -> Iterator[None]:
    """Tell who keeps the lock, again and again until the block ends. A hold that is lost is for what follows to tell.

    Where the host itself keeps it, it is not told: its undo is to come in time.
    """
    if driver.guarantees.lock is not Lock.OPERATOR:
        yield
        return
    is_over = Event()

    def tell() -> None:
        while not is_over.wait(lease.undo_after / _WORDS_PER_LEASE):
            try:
                driver.go_on(host, pbx, lease)
            except HostError:
                return

    teller = Thread(target=tell, daemon=True, name=f"lease of {pbx.name}")
    teller.start()
    try:
        yield
    finally:
        is_over.set()
        teller.join()
