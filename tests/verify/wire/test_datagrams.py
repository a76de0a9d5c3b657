"""Sockets for media are bound before they are told of, side by side, and what the system says of them is ours."""

from __future__ import annotations

import socket

import pytest

from confgen.streams.tcp import Address, Unreachable
from confgen.verify.wire.conversation import Conversation
from confgen.verify.wire.datagrams import AT_ONCE, Datagram, Datagrams, bound


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_two_ports_side_by_side_hear_apart(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with bound(host) as datagrams, socket.socket(family, socket.SOCK_DGRAM) as other:
        assert datagrams.local.port % 2 == 0
        for number in range(2):
            other.sendto(bytes([number]), (host, datagrams.local.port + number))
        source = Address(host=host, port=other.getsockname()[1]) if other.getsockname()[0] == host else None
        heard: list[Datagram] = []
        while len(heard) < 2:
            heard += datagrams.receive(5)
        assert sorted((one.content, one.is_on_control_port) for one in heard) == [(b"\0", False), (b"\1", True)]
        assert {one.source.host for one in heard} == {host}
        assert source is None or {one.source for one in heard} == {source}
        datagrams.send(b"back", heard[0].source)
        assert other.recvfrom(10)[1][:2] == (host, datagrams.local.port)


def test_a_port_that_nobody_listens_on_is_no_error() -> None:
    with bound("127.0.0.1") as datagrams, bound("127.0.0.1") as others:
        nobody = others.local
    with bound("127.0.0.1") as datagrams:
        for _ in range(3):
            datagrams.send(b"x", nobody)
            assert datagrams.receive(0.01) == []


def test_an_address_that_is_not_ours_is_unreachable() -> None:
    with pytest.raises(Unreachable), bound("192.0.2.1"):
        pass


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 9), ("127.0.0.1", 99999), ("127.0.0.1", -1), ("::1", 9)])
def test_a_target_that_no_way_leads_to_is_unreachable(host: str, port: int) -> None:
    with bound("127.0.0.1") as datagrams, pytest.raises(Unreachable):
        datagrams.send(b"x", Address(host=host, port=port))


class Flooded(socket.socket):
    """Always has another datagram."""

    taken = 0

    def recvfrom(self, _limit: int, _flags: int = 0) -> tuple[bytes, tuple[str, int]]:
        self.taken += 1
        if self.taken > 10 * AT_ONCE:
            raise AssertionError("it is drained without end")
        return b"\x80", ("192.0.2.1", 9)


def test_a_flood_does_not_keep_us_from_the_clock() -> None:
    with bound("127.0.0.1") as ours, Flooded(socket.AF_INET, socket.SOCK_DGRAM) as media:
        flooded = Datagrams(media, ours._control)  # noqa: SLF001 -- a worse network
        media.bind(("127.0.0.1", 0))
        ours.send(b"x", flooded.local)
        assert len(flooded.receive(5)) == AT_ONCE
        heard: list[Datagram] = []
        assert not Conversation(flooded, ours.local, heard.append, 0.0).speak([], lambda: False, 0.0)
        assert len(heard) <= 2 * AT_ONCE


def test_packets_leave_by_the_clock_and_no_longer_than_needed() -> None:
    with bound("127.0.0.1") as ours, bound("127.0.0.1") as far_end:
        heard: list[bytes] = []
        conversation = Conversation(ours, far_end.local, lambda datagram: heard.append(datagram.content), 0.005)
        ours.send(b"reply", ours.local)
        was_enough = conversation.speak(((bytes([n]), b"+") for n in range(9)), lambda: bool(heard), 5)
        assert was_enough
        assert heard == [b"reply"]
        assert len(far_end.receive(0.05)) == 2

        heard.clear()
        assert not conversation.speak(((bytes([n]),) for n in range(3)), lambda: bool(heard), 0.01)
        assert [one.content for one in far_end.receive(0.05)] == [b"\0", b"\1", b"\2"]
