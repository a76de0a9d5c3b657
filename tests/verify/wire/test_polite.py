"""Connections come no oftener than an intrusion detection bears, and a run that asks for few never waits."""

from __future__ import annotations

import threading

import pytest

from confgen.model.stream import Stream
from confgen.verify.wire.polite import AT_ONCE, BURST, SPACING, PoliteDial
from tests.verify.conftest import CannedStream, failing


class Clock:
    """Time that passes by waiting alone."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds


def opened(_address: str, _port: int, _timeout: float) -> Stream:
    return CannedStream()


def polite(clock: Clock) -> PoliteDial:
    return PoliteDial(opened, now=clock.now, wait=clock.wait)


def dialled_often(dial: PoliteDial, times: int, address: str = "192.0.2.1") -> None:
    for _ in range(times):
        dial(address, 5061, 4.0).close()


def test_a_burst_does_not_wait() -> None:
    clock = Clock()

    dialled_often(polite(clock), BURST)

    assert clock.waits == []


def test_beyond_the_burst_connections_are_spaced() -> None:
    clock = Clock()

    dialled_often(polite(clock), BURST + 10)

    assert clock.waits == pytest.approx([SPACING] * 10)


def test_the_burst_grows_again_while_nobody_dials() -> None:
    clock = Clock()
    dial = polite(clock)
    dialled_often(dial, BURST)

    clock.seconds += 5 * SPACING
    dialled_often(dial, 5)
    assert clock.waits == []

    dialled_often(dial, 1)
    assert len(clock.waits) == 1


def test_an_address_does_not_wait_for_another_whatever_the_port() -> None:
    clock = Clock()
    dial = polite(clock)
    dialled_often(dial, BURST, "192.0.2.1")

    dialled_often(dial, 1, "192.0.2.2")
    assert clock.waits == []

    dial("192.0.2.1", 5060, 4.0).close()
    assert len(clock.waits) == 1


def test_no_more_connections_than_that_are_up_at_once() -> None:
    dial = PoliteDial(opened)
    up = [dial("192.0.2.1", 5061, 4.0) for _ in range(AT_ONCE)]
    is_in = threading.Event()

    def another() -> None:
        dial("192.0.2.1", 5061, 4.0)
        is_in.set()

    waiting = threading.Thread(target=another, daemon=True)
    waiting.start()
    assert not is_in.wait(0.05)

    up[0].close()
    up[0].close()  # twice is fine, and lets in no two
    assert is_in.wait(5)
    waiting.join(5)


def test_a_connection_that_does_not_come_about_keeps_nobody_out() -> None:
    dial = PoliteDial(failing(ConnectionRefusedError("refused")))

    for _ in range(2 * AT_ONCE):
        with pytest.raises(ConnectionRefusedError):
            dial("192.0.2.1", 5061, 4.0)
