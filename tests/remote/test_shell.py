"""Commands that share one shell of the host: what they leave behind, and what ends the shell."""

from __future__ import annotations

import queue
import time
from pathlib import Path

import pytest

from confgen.model.host import Command
from confgen.remote.errors import CommandTimedOut, ConnectionLost
from confgen.remote.shell import _Answer
from confgen.remote.ssh import SshHost, connect
from tests.remote.conftest import StartServer, access_to
from tests.remote.ssh_server import Behaviour, SshServer

SHELL = "exec sh"


def asked_for(server: SshServer) -> list[str]:
    """What the server was asked to run since the last look."""
    found: list[str] = []
    while True:
        try:
            found.append(server.commands.get_nowait())
        except queue.Empty:
            return found


def test_commands_without_input_share_one_shell(host: SshHost, server: SshServer) -> None:
    said = [host.run(Command(argv=("echo", word))).stdout for word in ("one", "two", "three")]

    assert said == [b"one\n", b"two\n", b"three\n"]
    assert asked_for(server) == [SHELL]


def test_what_is_sent_along_never_comes_to_the_shell(host: SshHost, server: SshServer) -> None:
    host.run(Command(argv=("true",)))

    completed = host.run(Command(argv=("sh", "-c", "exec <&-"), stdin=b"touch /nonexistent/sentinel\n" * 5000))

    assert completed.stderr == b""
    assert asked_for(server) == [SHELL, "sh -c 'exec <&-'"]
    assert host.run(Command(argv=("echo", "next"))).stdout == b"next\n"


@pytest.mark.parametrize("output", ["", "\\n", "no end of line", "two\\nlines\\n", "\\n\\n", "\\000\\377\\001"])
def test_output_is_as_it_was_written(host: SshHost, output: str) -> None:
    completed = host.run(Command(argv=("sh", "-c", f"printf '{output}'; printf '{output}' >&2; exit 7")))

    expected = output.encode().decode("unicode_escape").encode("latin-1")
    assert (completed.exit_status, completed.stdout, completed.stderr) == (7, expected, expected)


def test_no_output_can_know_what_ends_it() -> None:
    marks = {_Answer()._mark for _ in range(8)}  # noqa: SLF001

    assert len(marks) == 8
    assert all(len(mark) == 32 for mark in marks)


def test_a_long_answer_comes_whole(host: SshHost) -> None:
    completed = host.run(Command(argv=("seq", "200000")))

    assert completed.stdout == "".join(f"{number}\n" for number in range(1, 200001)).encode()


def test_no_command_changes_what_the_next_one_finds(host: SshHost) -> None:
    look = Command(argv=("sh", "-c", "pwd; umask; set"))
    before = host.run(look).stdout.splitlines()

    for argv in (("sh", "-c", "cd /; umask 0; exec 3</dev/null"), ("cd", "/"), ("exit", "3"), ("set", "-e")):
        host.run(Command(argv=argv))

    after = host.run(look).stdout.splitlines()
    assert [line for line in before if b"PID" not in line] == [line for line in after if b"PID" not in line]


def test_a_command_that_was_killed_is_an_error_and_no_result(host: SshHost) -> None:
    with pytest.raises(ConnectionLost, match="sh ended without a status: it was killed on the host"):
        host.run(Command(argv=("sh", "-c", "kill -KILL $$")))

    assert host.run(Command(argv=("echo", "still here"))).stdout == b"still here\n"


def test_a_shell_that_was_killed_is_an_error_and_begun_anew(host: SshHost, server: SshServer) -> None:
    with pytest.raises(ConnectionLost, match="sh ended without a status: it was killed on the host"):
        host.run(Command(argv=("sh", "-c", "kill -KILL $PPID; sleep 1")))

    assert host.run(Command(argv=("echo", "still here"))).stdout == b"still here\n"
    assert asked_for(server) == [SHELL, SHELL]


def test_a_command_after_one_that_was_given_up_hears_nothing_of_it(host: SshHost) -> None:
    with pytest.raises(CommandTimedOut):
        host.run(Command(argv=("sh", "-c", "sleep 0.3; echo late"), timeout=0.1))

    assert host.run(Command(argv=("sh", "-c", "sleep 0.4; echo mine"))).stdout == b"mine\n"


def test_a_host_without_a_shell_for_us_runs_commands_all_the_same(start_server: StartServer, keys: Path) -> None:
    server = start_server(behaviour=Behaviour(gives_shell=False))

    with connect(access_to(server, keys), name="branch", folder=keys) as host:
        said = [host.run(Command(argv=("echo", word))).stdout for word in ("one", "two")]

    assert said == [b"one\n", b"two\n"]
    assert asked_for(server) == [SHELL, "echo one", "echo two"]


def test_a_connection_that_is_cut_is_told_and_nothing_is_run_again(host: SshHost, server: SshServer) -> None:
    host.run(Command(argv=("true",)))
    asked_for(server)
    begun = time.monotonic()
    server.drop_connections()

    with pytest.raises(ConnectionLost):
        host.run(Command(argv=("echo", "again")))

    assert time.monotonic() - begun < 2.0
    assert asked_for(server) == []
