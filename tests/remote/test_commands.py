"""Commands on the far side, on a connection that may do anything."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import paramiko
import pytest

from confgen.model.host import Command
from confgen.remote import endings, execution
from confgen.remote.errors import CommandTimedOut, ConnectionLost, OutputTooLong
from confgen.remote.ssh import SshHost, connect
from tests.remote.conftest import StartServer, access_to
from tests.remote.ssh_server import Behaviour, SshServer


def test_a_command_leaves_its_status_and_both_streams(host: SshHost) -> None:
    completed = host.run(Command(argv=("sh", "-c", "printf out; printf err >&2; exit 3")))

    assert (completed.exit_status, completed.stdout, completed.stderr) == (3, b"out", b"err")


def test_no_argument_is_taken_for_shell(host: SshHost) -> None:
    hostile = ("a b", "$HOME", "`id`", "it's", '"', "", "\\", "*", "ü", "line\nend", "; exit 9", "--", "~", "!x")

    completed = host.run(Command(argv=("printf", "%s\\0", *hostile)))

    assert completed.stdout.decode().split("\0")[:-1] == list(hostile)


def test_nothing_is_passed_in_the_environment(host: SshHost, server: SshServer) -> None:
    host.run(Command(argv=("true",)))

    assert server.environment == []


def test_more_input_and_output_than_any_buffer_holds_flow_at_once(host: SshHost) -> None:
    much = bytes(range(256)) * 20_000  # 5 MB, through windows of 2 MB

    completed = host.run(Command(argv=("tee", "/dev/stderr"), stdin=much))

    assert completed.exit_status == 0
    assert completed.stdout == much
    assert completed.stderr == much


def test_a_command_need_not_read_its_input(host: SshHost) -> None:
    completed = host.run(Command(argv=("sh", "-c", "exec <&-; echo done"), stdin=b"x" * 5_000_000))

    assert (completed.exit_status, completed.stdout) == (0, b"done\n")


def test_a_command_without_input_finds_its_end_at_once(host: SshHost) -> None:
    assert host.run(Command(argv=("cat",), timeout=5.0)).stdout == b""


def test_many_commands_share_one_connection_at_the_same_time(host: SshHost, server: SshServer) -> None:
    with ThreadPoolExecutor(max_workers=8) as threads:
        answers = threads.map(lambda number: host.run(Command(argv=("echo", str(number)))).stdout, range(24))

    assert [int(answer) for answer in answers] == list(range(24))
    assert len(server.key_attempts) <= 2  # one connection: asked for the key once, shown it once


def test_a_command_that_does_not_end_is_given_up_at_its_deadline(host: SshHost) -> None:
    begun = time.monotonic()

    with pytest.raises(CommandTimedOut, match=r"headquarters \(root@127.0.0.1:\d+\): sleep did not end within 0.2 s"):
        host.run(Command(argv=("sleep", "30"), timeout=0.2))

    assert time.monotonic() - begun < 2.0


def test_a_command_that_takes_no_input_is_given_up_as_well(host: SshHost) -> None:
    with pytest.raises(CommandTimedOut):
        host.run(Command(argv=("sleep", "30"), stdin=b"x" * 5_000_000, timeout=0.2))


def test_a_connection_outlives_a_command_that_was_given_up(host: SshHost) -> None:
    with pytest.raises(CommandTimedOut):
        host.run(Command(argv=("sleep", "30"), timeout=0.1))

    assert host.run(Command(argv=("echo", "still here"))).stdout == b"still here\n"


def test_a_command_that_floods_us_is_stopped(host: SshHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endings, "OUTPUT_LIMIT", 1 << 20)

    with pytest.raises(OutputTooLong, match="more than 1 MiB"):
        host.run(Command(argv=("cat", "/dev/zero")))


def test_a_flood_is_measured_while_it_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    class Flood:
        """A channel that fills faster than it is emptied."""

        def recv_ready(self) -> bool:
            return True

        def recv(self, limit: int) -> bytes:
            return b"." * limit

    monkeypatch.setattr(endings, "OUTPUT_LIMIT", 1 << 20)
    stdout = bytearray()

    assert not execution.take(Flood(), stdout, bytearray())  # type: ignore[arg-type]
    assert len(stdout) <= (1 << 20) + 32768


def test_a_connection_lost_in_the_middle_is_an_error_and_no_result(host: SshHost, server: SshServer) -> None:
    server.cut_after_next_command()

    with pytest.raises(ConnectionLost) as caught:
        host.run(Command(argv=("sleep", "30")))

    assert caught.value.exit_code == 4


def test_a_lost_connection_takes_no_more_commands(host: SshHost, server: SshServer) -> None:
    server.cut_after_next_command()
    with pytest.raises(ConnectionLost):
        host.run(Command(argv=("sleep", "30")))

    with pytest.raises(ConnectionLost, match="true was not started: the SSH connection was lost"):
        host.run(Command(argv=("true",)))


def test_a_command_without_a_status_is_an_error_and_no_result(start_server: StartServer, keys: Path) -> None:
    server = start_server(behaviour=Behaviour(sends_exit_status=False))

    with (
        connect(access_to(server, keys), name="branch", folder=keys) as host,
        pytest.raises(ConnectionLost, match="true ended without a status: it was killed on the host"),
    ):
        host.run(Command(argv=("true",), stdin=b"a channel of its own"))


def test_a_status_whose_output_may_have_been_cut_off_is_no_result(start_server: StartServer, keys: Path) -> None:
    server = start_server(behaviour=Behaviour(cuts_after_status=True))

    with (
        connect(access_to(server, keys), name="branch", folder=keys) as host,
        pytest.raises(ConnectionLost, match="sh did not come to its end here: the connection was lost"),
    ):
        host.run(Command(argv=("sh", "-c", "echo half of it"), stdin=b"a channel of its own"))


def test_what_comes_to_be_sent_after_a_channel_was_closed_is_not_sent(
    host: SshHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = host._transport  # noqa: SLF001
    channel = transport.session(5)
    with channel.lock:
        late = channel._send_eof()  # type: ignore[attr-defined] # noqa: SLF001 -- as the thread of its input would
    assert late is not None
    kinds: list[int] = []
    send: Callable[[paramiko.Message], None] = transport._send_message  # type: ignore[attr-defined] # noqa: SLF001

    def noted(message: paramiko.Message) -> None:
        kinds.append(message.asbytes()[0])
        send(message)

    monkeypatch.setattr(transport, "_send_message", noted)

    channel.close()
    transport._send_user_message(late)  # noqa: SLF001

    assert kinds == [paramiko.common.MSG_CHANNEL_CLOSE]
    assert host.run(Command(argv=("cat",), stdin=b"on a channel that has its number")).stdout.startswith(b"on a")


def test_a_session_that_comes_too_late_is_given_back(
    host: SshHost, server: SshServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_closed = threading.Event()
    send: Callable[[paramiko.Message], None] = host._transport._send_message  # type: ignore[attr-defined] # noqa: SLF001

    def noted(message: paramiko.Message) -> None:
        send(message)
        if message.asbytes()[0] == paramiko.common.MSG_CHANNEL_CLOSE:
            is_closed.set()

    monkeypatch.setattr(host._transport, "_send_message", noted)  # noqa: SLF001
    server.behaviour.hesitates = 0.4

    with pytest.raises(CommandTimedOut):
        host.run(Command(argv=("true",), timeout=0.1))

    assert is_closed.wait(5.0)


def test_closing_is_quick_and_may_be_done_twice(host: SshHost) -> None:
    begun = time.monotonic()

    host.close()
    host.close()

    assert time.monotonic() - begun < 0.5
    with pytest.raises(ConnectionLost):
        host.run(Command(argv=("true",)))
