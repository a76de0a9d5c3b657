"""Streams: connections, their deadlines and their errors."""

from __future__ import annotations

import socket
import time

import pytest

from confgen.model import stream as model
from confgen.streams.tcp import (
    Address,
    Closed,
    Deadline,
    Refused,
    Reset,
    TimedOut,
    Unreachable,
    WireError,
    connect,
    dialled,
    receive,
    send,
)
from tests.verify.wire.servers import closed_port, echo, hanging_up, resetting, serving


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_what_was_sent_comes_back_over_ipv4_and_ipv6(host: str) -> None:
    with serving(echo, host) as address, dialled(connect, address, 5) as stream:
        send(stream, b"OPTIONS")
        assert receive(stream, Deadline.after(5)) == b"OPTIONS"


def test_small_messages_leave_at_once() -> None:
    with serving(echo) as address:
        stream = connect(address.host, address.port, 5)
        assert stream._connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)  # noqa: SLF001 - not to be seen otherwise
        stream.close()


def test_our_own_end_is_told() -> None:
    peers: list[tuple[str, int]] = []
    with serving(lambda connection: peers.append(connection.getpeername())) as address:
        stream = connect(address.host, address.port, 5)
        assert stream.receive(1, 5) == b""
        assert [(stream.local.host, stream.local.port)] == peers
        stream.close()


def test_a_port_without_listener_is_refused() -> None:
    with pytest.raises(Refused):
        connect("127.0.0.1", closed_port().port, 5)


def test_a_name_that_does_not_resolve_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        connect("not a host name", 5061, 5)


def test_silence_ends_at_the_deadline() -> None:
    started = time.monotonic()
    with serving(echo) as address, dialled(connect, address, 5) as stream, pytest.raises(TimedOut):
        receive(stream, Deadline.after(0.05))
    assert time.monotonic() - started < 2


def test_a_deadline_that_has_passed_waits_no_more() -> None:
    with pytest.raises(TimedOut):
        Deadline.after(-1).remaining()


def test_the_end_of_a_stream_is_closed_and_not_reset() -> None:
    with serving(hanging_up) as address, dialled(connect, address, 5) as stream:
        send(stream, b"x")
        with pytest.raises(Closed) as raised:
            receive(stream, Deadline.after(5))
    assert not isinstance(raised.value, Reset)


def test_a_reset_is_told_apart_from_an_end() -> None:
    with serving(resetting) as address, dialled(connect, address, 5) as stream:
        send(stream, b"xx")
        with pytest.raises(Reset):
            receive(stream, Deadline.after(5))


def test_closing_twice_is_harmless() -> None:
    with serving(echo) as address:
        stream = connect(address.host, address.port, 5)
        stream.close()
        stream.close()


def test_an_ipv6_address_is_written_in_brackets() -> None:
    assert str(Address(host="2001:db8::1", port=5061)) == "[2001:db8::1]:5061"
    assert str(Address(host="192.0.2.1", port=5061)) == "192.0.2.1:5061"


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (model.Refused("closed port"), Refused),
        (model.TimedOut("no answer"), TimedOut),
        (model.Reset("broken off"), Reset),
        (model.Unreachable("administratively prohibited"), Unreachable),
    ],
)
def test_a_stream_through_ssh_fails_in_the_same_words_as_one_of_our_own(
    error: model.StreamError, ours: type[WireError]
) -> None:
    def dial(address: str, port: int, timeout: float) -> model.Stream:
        assert (address, port, timeout) == ("127.0.0.1", 5061, 5)
        raise error

    with pytest.raises(ours) as raised, dialled(dial, Address(host="127.0.0.1", port=5061), 5):
        pass
    assert raised.value.__cause__ is error


def test_the_reason_why_a_way_is_barred_is_kept() -> None:
    def dial(address: str, port: int, timeout: float) -> model.Stream:
        raise model.Unreachable(f"{address}:{port} administratively prohibited within {timeout}")

    barred = dialled(dial, Address(host="127.0.0.1", port=5061), 5)
    with pytest.raises(Unreachable, match="administratively prohibited"), barred:
        pass
