"""TCP connections that the host makes for us."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from confgen.model.stream import Refused, StreamError, TimedOut, Unreachable
from confgen.remote.ssh import SshHost, connect
from tests.remote.conftest import StartServer, access_to
from tests.remote.ssh_server import Behaviour, SshServer


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return port_of(listener)


def test_bytes_go_both_ways_until_the_far_end_closes(host: SshHost, listener: socket.socket) -> None:
    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            while content := connection.recv(65536):
                connection.sendall(content.upper())

    threading.Thread(target=answer, daemon=True).start()
    stream = host.dial("127.0.0.1", port_of(listener), 5.0)

    stream.send_all(b"options sip:")

    assert stream.receive(7, 5.0) == b"OPTIONS"
    assert stream.receive(100, 5.0) == b" SIP:"
    stream.close()
    stream.close()


def test_the_end_of_the_stream_is_told_as_nothing(host: SshHost, listener: socket.socket) -> None:
    stream = host.dial("127.0.0.1", port_of(listener), 5.0)
    listener.accept()[0].close()

    assert stream.receive(100, 5.0) == b""


def test_a_silent_far_end_is_waited_for_no_longer_than_asked(host: SshHost, listener: socket.socket) -> None:
    stream = host.dial("127.0.0.1", port_of(listener), 5.0)
    begun = time.monotonic()

    with pytest.raises(TimedOut):
        stream.receive(100, 0.1)

    assert time.monotonic() - begun < 1.0


def test_a_port_where_nothing_listens_is_refused(host: SshHost, closed_port: int) -> None:
    with pytest.raises(Refused) as caught:
        host.dial("127.0.0.1", closed_port, 5.0)

    assert isinstance(caught.value, ConnectionRefusedError)  # what every other stream raises


@pytest.mark.parametrize("words", ["No route to host", "Name or service not known", "Connect failed", ""])
def test_what_could_not_be_reached_is_not_taken_for_a_closed_port(
    words: str, start_server: StartServer, keys: Path
) -> None:
    server = start_server(behaviour=Behaviour(refusals={5061: words}))

    with connect(access_to(server, keys), name="branch", folder=keys) as host, pytest.raises(StreamError) as caught:
        host.dial("127.0.0.1", 5061, 5.0)

    assert isinstance(caught.value, Unreachable)
    assert words in str(caught.value)


def test_who_dials_at_the_same_time_is_told_its_own_refusal(start_server: StartServer, keys: Path) -> None:
    expected = {port: "Connection refused" if port % 2 else f"No route to {port}" for port in range(5000, 5040)}
    server = start_server(behaviour=Behaviour(refusals=expected))

    def told(host: SshHost, port: int) -> str:
        with pytest.raises(StreamError) as caught:
            host.dial("127.0.0.1", port, 5.0)
        return str(caught.value)

    with (
        connect(access_to(server, keys), name="branch", folder=keys) as host,
        ThreadPoolExecutor(max_workers=8) as threads,
    ):
        answers = dict(zip(expected, threads.map(lambda port: told(host, port), expected), strict=True))

    assert {port: words.lower() for port, words in answers.items()} == {
        port: words.lower() for port, words in expected.items()
    }


def test_a_lost_ssh_connection_is_not_taken_for_the_end_of_the_stream(
    host: SshHost, server: SshServer, listener: socket.socket
) -> None:
    stream = host.dial("127.0.0.1", port_of(listener), 5.0)
    server.drop_connections()

    with pytest.raises(Unreachable, match="the SSH connection was lost"):
        stream.receive(100, 5.0)
    with pytest.raises(Unreachable, match="the SSH connection was lost"):
        stream.send_all(b"x")
    with pytest.raises(Unreachable, match="the SSH connection was lost"):
        host.dial("127.0.0.1", port_of(listener), 5.0)


def test_a_server_that_forwards_nothing_says_so(start_server: StartServer, keys: Path, closed_port: int) -> None:
    server = start_server(behaviour=Behaviour(forwards=False))

    with (
        connect(access_to(server, keys), name="branch", folder=keys) as host,
        pytest.raises(Unreachable, match="the SSH server forwards no connections"),
    ):
        host.dial("127.0.0.1", closed_port, 5.0)
