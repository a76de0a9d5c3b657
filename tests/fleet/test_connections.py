"""One connection to each PBX, whoever asks from whichever thread, and not too many that nobody uses."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from confgen.fleet.connections import Connections
from confgen.model.host import HostError
from confgen.model.inventory import Inventory, Pbx
from confgen.remote.ssh import SshHost
from tests.model.pbxs import a_pbx

TIMEOUT = 20  # seconds, for threads that should meet


@dataclass
class Dialled:
    """A host that knows only whether it is connected."""

    name: str
    is_open: bool = True
    goes_badly: bool = False

    def close(self) -> None:
        self.is_open = False
        if self.goes_badly:
            raise OSError(5, "Input/output error")


@dataclass
class Exchange:
    """Makes connections and remembers them."""

    made: list[Dialled] = field(default_factory=list)
    while_dialling: Callable[[], object] = lambda: None

    def dial(self, _access: object, *, name: str, **_settings: Any) -> SshHost:  # noqa: ANN401 -- whatever is asked
        self.while_dialling()
        host = Dialled(name)
        self.made.append(host)
        return cast("SshHost", host)

    @property
    def open(self) -> list[str]:
        return [host.name for host in self.made if host.is_open]

    @contextmanager
    def connections(self, kept: int = 2) -> Iterator[Connections]:
        with ExitStack() as stack:
            yield Connections(Inventory(pbxs=(), folder="."), stack, dial=self.dial, kept=kept)


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


def pbxs(names: str) -> list[Pbx]:
    return [a_pbx(name) for name in names]


def test_a_pbx_is_connected_to_once_and_until_the_run_ends(exchange: Exchange) -> None:
    with exchange.connections() as connections:
        (pbx,) = pbxs("a")
        first = connections.to(pbx)
        connections.release(pbx)
        assert connections.to(pbx) is first
        assert exchange.open == ["a"]
    assert (len(exchange.made), exchange.open) == (1, [])


def test_of_those_that_nobody_works_on_the_longest_idle_are_closed(exchange: Exchange) -> None:
    a, b, c, d = pbxs("abcd")
    with exchange.connections(kept=2) as connections:
        connections.to(d)  # and it is worked on all the time
        for pbx in (a, b, a, c):
            connections.to(pbx)
            connections.release(pbx)
        assert exchange.open == ["d", "a", "c"]
        connections.to(b)
        assert exchange.open == ["d", "a", "c", "b"]


def test_a_pbx_that_cannot_be_reached_is_asked_again_the_next_time(exchange: Exchange) -> None:
    def broken() -> None:
        raise HostError("nothing answers")

    (pbx,) = pbxs("a")
    exchange.while_dialling = broken
    with exchange.connections() as connections:
        with pytest.raises(HostError):
            connections.to(pbx)
        connections.release(pbx)
        exchange.while_dialling = lambda: None
        connections.to(pbx)
    assert len(exchange.made) == 1


def test_nothing_is_kept_of_those_whose_connection_is_closed(exchange: Exchange) -> None:
    with exchange.connections(kept=0) as connections:
        for pbx in pbxs("abc"):
            connections.to(pbx)
            connections.release(pbx)
        assert exchange.open == []
        assert connections._dialling == {}  # noqa: SLF001 -- what would grow with the fleet


@pytest.mark.parametrize("kept", [0, 9])
def test_a_connection_that_does_not_close_well_costs_neither_a_result_nor_the_others(
    exchange: Exchange, kept: int
) -> None:
    with exchange.connections(kept=kept) as connections:
        for pbx in pbxs("abc"):
            connections.to(pbx)
            exchange.made[-1].goes_badly = True
        for pbx in pbxs("abc"):
            connections.release(pbx)

    assert exchange.open == []


def test_those_who_ask_for_the_same_pbx_at_once_share_one_connection() -> None:
    both = threading.Barrier(2)
    exchange = Exchange(while_dialling=lambda: time.sleep(0.02))  # long enough for the other to ask
    found = []
    with exchange.connections() as connections:

        def ask() -> None:
            both.wait(TIMEOUT)
            found.append(connections.to(a_pbx("hub")))

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(TIMEOUT)

    assert len(exchange.made) == 1
    assert found[0] is found[1]
