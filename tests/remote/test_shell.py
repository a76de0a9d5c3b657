"""Commands that share one shell of the host: what they leave behind, and what ends the shell."""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from confgen.model.host import Command
from confgen.remote import execution, shell
from confgen.remote.answer import Answer
from confgen.remote.deadline import Deadline
from confgen.remote.errors import CommandTimedOut, ConnectionLost
from confgen.remote.shell import _heard
from confgen.remote.ssh import SshHost, connect
from tests.remote.conftest import StartServer, access_to
from tests.remote.ssh_server import Behaviour, SshServer

SHELL = "exec sh"
GREETING = "Welcome to this host, which greets everybody who comes.\n"


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


SCRIPT = """\
set -eu
said=one
say() { echo "$said" "$@"; }
case $1 in
end) exit "$2" ;;
take) cat ;;
*) said=$1; shift; say "$@" ;;
esac
"""


@pytest.mark.parametrize("leaves_nothing", [False, True])
def test_a_script_is_told_once_and_runs_as_if_alone(host: SshHost, server: SshServer, leaves_nothing: bool) -> None:  # noqa: FBT001
    def run(*words: str, stdin: bytes = b"") -> tuple[int, bytes]:
        argv = ("speaker", *words)
        completed = host.run(Command(argv=argv, script=SCRIPT, stdin=stdin, leaves_nothing=leaves_nothing))
        return completed.exit_status, completed.stdout

    assert run("two", "it's", "a  b", "$HOME") == (0, b"two it's a  b $HOME\n")
    assert run("end", "7") == (7, b"")
    assert run("three") == (0, b"three\n")
    assert host.run(Command(argv=("sh", "-c", "echo ${said-nothing}"))).stdout == b"nothing\n"
    assert asked_for(server) == [SHELL]
    assert run("take", stdin=b"sent along") == (0, b"sent along")


def test_a_new_shell_is_told_the_script_again(host: SshHost) -> None:
    host.run(Command(argv=("speaker", "one"), script=SCRIPT))
    with pytest.raises(ConnectionLost):
        host.run(Command(argv=("sh", "-c", "kill -KILL 0")))

    assert host.run(Command(argv=("speaker", "two"), script=SCRIPT)).stdout == b"two\n"


def test_what_is_sent_along_never_comes_to_the_shell(host: SshHost, server: SshServer) -> None:
    host.run(Command(argv=("true",)))

    completed = host.run(Command(argv=("sh", "-c", "exec <&-"), stdin=b"touch /nonexistent/sentinel\n" * 5000))

    assert completed.stderr == b""
    assert asked_for(server) == [SHELL, "sh -c 'exec <&-'"]
    assert host.run(Command(argv=("echo", "next"))).stdout == b"next\n"


def whose_shell_is(program: str, start_server: StartServer, folder: Path) -> SshServer:
    """A server whose `sh` is this program."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"there is no {program} on this machine")
    (folder / "sh").symlink_to(found)
    return start_server(behaviour=Behaviour(path=f"{folder}:{os.environ['PATH']}"))


INPUT = bytes(range(256)) * 100 + b"no end of line"


def test_short_input_of_what_leaves_nothing_goes_through_the_shell(host: SshHost, server: SshServer) -> None:
    for content in (INPUT, b"one\n", b"\n"):
        completed = host.run(Command(argv=("sh", "-c", "cat; exit 7"), stdin=content, leaves_nothing=True))
        assert (completed.exit_status, completed.stdout, completed.stderr) == (7, content, b"")

    assert host.run(Command(argv=("echo", "next"))).stdout == b"next\n"
    assert asked_for(server) == [SHELL]


def test_long_input_has_a_channel_of_its_own(host: SshHost, server: SshServer) -> None:
    content = b"." * 65537

    assert host.run(Command(argv=("cat",), stdin=content, leaves_nothing=True)).stdout == content

    assert asked_for(server) == ["cat"]


@pytest.mark.parametrize("program", ["dash", "bash"])
@pytest.mark.parametrize("read", ["exit 3", "exec <&-; exit 3", "head -n 1 >/dev/null; exit 3"])
def test_what_a_command_does_not_read_of_its_input_is_no_command(
    program: str, read: str, start_server: StartServer, keys: Path, tmp_path: Path
) -> None:
    server = whose_shell_is(program, start_server, tmp_path)

    with connect(access_to(server, keys), name="branch", folder=keys) as host:
        for _ in range(3):
            completed = host.run(Command(argv=("sh", "-c", read), stdin=hostile(tmp_path, 1000), leaves_nothing=True))
            assert (completed.exit_status, completed.stdout) == (3, b"")
            assert host.run(Command(argv=("echo", "next"))).stdout == b"next\n"

    assert not (tmp_path / "begun").exists()


def hostile(folder: Path, lines: int) -> bytes:
    """Input that shows whether a shell has run it."""
    return f"touch {folder}/begun\n".encode() * lines


@pytest.mark.parametrize("head", ["kill -KILL $$", "exit 1", "/bin/head -c 9; exit 1", "cat >/dev/null & exit 1"])
def test_input_that_was_not_counted_out_is_no_command(
    head: str, start_server: StartServer, keys: Path, tmp_path: Path
) -> None:
    server = with_a_head(f"#!/bin/sh\n{head}\n", start_server, tmp_path)

    with connect(access_to(server, keys), name="branch", folder=keys) as host:
        command = Command(argv=("cat",), stdin=hostile(tmp_path, 100), leaves_nothing=True)
        with pytest.raises(ConnectionLost, match="cat was not given all of its input"):
            host.run(command)
        assert host.run(Command(argv=("echo", "next"))).stdout == b"next\n"

    assert not (tmp_path / "begun").exists()


def test_an_answer_is_told_when_nothing_reads_the_input_any_more(
    start_server: StartServer, keys: Path, tmp_path: Path
) -> None:
    """What reads by blocks, and comes to it late, would take the next request for it."""
    slow = "#!/bin/sh\nsleep 0.3\nexec dd bs=4096 count=1 status=none\n"
    server = with_a_head(slow, start_server, tmp_path)

    with connect(access_to(server, keys), name="branch", folder=keys) as host:
        said = host.run(Command(argv=("sh", "-c", "exit 3"), stdin=b"not read\n", leaves_nothing=True))
        assert said.exit_status == 3
        assert host.run(Command(argv=("echo", "next"), timeout=2.0)).stdout == b"next\n"


def test_input_that_the_far_end_does_not_take_at_once_has_a_channel_of_its_own(
    host: SshHost, server: SshServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.run(Command(argv=("true",)))
    monkeypatch.setattr(shell, "_WORDS", 1 << 30)

    assert host.run(Command(argv=("cat",), stdin=INPUT, leaves_nothing=True)).stdout == INPUT

    assert host.run(Command(argv=("echo", "next"))).stdout == b"next\n"
    assert asked_for(server) == [SHELL, "cat"]


def test_a_head_that_reads_on_behind_its_part_does_no_harm(
    start_server: StartServer, keys: Path, tmp_path: Path
) -> None:
    """As BusyBox's does, which reads by blocks."""
    read_on = (
        f"#!{sys.executable} -IS\nimport os, sys\nwanted, read = int(sys.argv[2]), b''\n"
        "while len(read) <= wanted:\n    read += os.read(0, 4096)\nos.write(1, read[:wanted])\n"
    )
    server = with_a_head(read_on, start_server, tmp_path)

    with connect(access_to(server, keys), name="branch", folder=keys) as host:
        command = Command(argv=("cat",), stdin=hostile(tmp_path, 100), leaves_nothing=True)
        for _ in range(2):
            assert host.run(command).stdout == hostile(tmp_path, 100)
        assert host.run(Command(argv=("echo", "next"))).stdout == b"next\n"

    assert not (tmp_path / "begun").exists()


def with_a_head(text: str, start_server: StartServer, folder: Path) -> SshServer:
    """A server whose `head` is this program."""
    (folder / "head").write_text(text, encoding="utf-8")
    (folder / "head").chmod(0o755)
    return start_server(behaviour=Behaviour(path=f"{folder}:{os.environ['PATH']}"))


def test_a_host_that_cannot_count_input_gives_it_a_channel_of_its_own(
    start_server: StartServer, keys: Path, tmp_path: Path
) -> None:
    for program in ("sh", "cat", "echo"):
        (tmp_path / program).symlink_to(str(shutil.which(program)))
    server = start_server(behaviour=Behaviour(path=str(tmp_path)))

    with connect(access_to(server, keys), name="branch", folder=keys) as host:
        assert host.run(Command(argv=("cat",), stdin=INPUT, leaves_nothing=True)).stdout == INPUT
        assert host.run(Command(argv=("echo", "next"))).stdout == b"next\n"

    assert asked_for(server) == [SHELL, "cat", "echo next"]


@pytest.mark.parametrize("leaves_nothing", [False, True])
@pytest.mark.parametrize("output", ["", "\\n", "no end of line", "two\\nlines\\n", "\\n\\n", "\\000\\377\\001"])
def test_output_is_as_it_was_written(host: SshHost, output: str, leaves_nothing: bool) -> None:  # noqa: FBT001 -- of the case
    argv = ("sh", "-c", f"printf '{output}'; printf '{output}' >&2; exit 7")
    completed = host.run(Command(argv=argv, leaves_nothing=leaves_nothing))

    expected = output.encode().decode("unicode_escape").encode("latin-1")
    assert (completed.exit_status, completed.stdout, completed.stderr) == (7, expected, expected)


def test_no_output_can_know_what_ends_it() -> None:
    requests = [Answer(Command(argv=("true",)), {}).request for _ in range(8)]

    marks = {re.findall(rb"\b[0-9a-f]{32}\b", request)[0] for request in requests}
    assert len(marks) == 8


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


@pytest.mark.parametrize("leaves_nothing", [False, True])
def test_a_command_that_was_killed_is_an_error_and_no_result(host: SshHost, leaves_nothing: bool) -> None:  # noqa: FBT001
    with pytest.raises(ConnectionLost, match="sh ended with status 137, as by a signal"):
        host.run(Command(argv=("sh", "-c", "kill -KILL $$"), leaves_nothing=leaves_nothing))

    assert host.run(Command(argv=("echo", "still here"))).stdout == b"still here\n"


def test_a_shell_that_was_killed_is_an_error_and_begun_anew(host: SshHost, server: SshServer) -> None:
    with pytest.raises(ConnectionLost, match="sh ended without a status: it was killed on the host"):
        host.run(Command(argv=("sh", "-c", "kill -KILL 0")))

    assert host.run(Command(argv=("echo", "still here"))).stdout == b"still here\n"
    assert asked_for(server) == [SHELL, SHELL]


def test_what_goes_between_shell_and_command_may_be_killed_as_well(host: SshHost, server: SshServer) -> None:
    with pytest.raises(ConnectionLost, match="sh ended without a status: it was killed on the host"):
        host.run(Command(argv=("sh", "-c", "kill -KILL $PPID")))

    assert host.run(Command(argv=("echo", "still here"))).stdout == b"still here\n"
    assert asked_for(server) == [SHELL, SHELL]


@pytest.mark.parametrize("status", [1, 127, 128, 193, 255])
def test_a_status_that_is_no_signal_is_a_result(host: SshHost, status: int) -> None:
    completed = host.run(Command(argv=("sh", "-c", f"echo so far; exit {status}")))

    assert (completed.exit_status, completed.stdout) == (status, b"so far\n")


def test_a_start_up_file_that_speaks_has_no_part_in_an_answer(start_server: StartServer, keys: Path) -> None:
    server = start_server(behaviour=Behaviour(greeting=GREETING))

    with connect(access_to(server, keys), name="branch", folder=keys) as host:
        said = [host.run(Command(argv=("echo", word))).stdout for word in ("one", "two")]

    assert said == [b"one\n", b"two\n"]


@pytest.mark.parametrize("greeting", ["", GREETING])
def test_what_a_shell_may_have_begun_is_never_begun_again(
    greeting: str, start_server: StartServer, keys: Path, tmp_path: Path
) -> None:
    server = start_server(behaviour=Behaviour(greeting=greeting))

    with connect(access_to(server, keys), name="branch", folder=keys) as host, pytest.raises(ConnectionLost):
        host.run(Command(argv=("sh", "-c", f"echo begun >>{tmp_path}/log; kill -KILL 0")))

    assert (tmp_path / "log").read_text(encoding="utf-8") == "begun\n"


def test_what_was_sent_to_a_shell_before_the_connection_was_cut_is_not_said_to_be_unsent(
    host: SshHost, server: SshServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.run(Command(argv=("true",)))
    server.fall_silent()
    monkeypatch.setattr(host._transport, "is_active", lambda: True)  # noqa: SLF001 -- as it is for a moment longer
    threading.Timer(0.1, server.drop_connections).start()

    with pytest.raises(ConnectionLost, match="true did not come to its end here: the connection was lost"):
        host.run(Command(argv=("true",)))


def test_what_a_command_leaves_running_is_waited_for_and_writes_into_no_other_answer(host: SshHost) -> None:
    first = host.run(Command(argv=("sh", "-c", "(sleep 0.1; echo late) & echo first; exit 3")))
    second = host.run(Command(argv=("sh", "-c", "sleep 0.2; echo mine")))

    assert (first.exit_status, first.stdout) == (3, b"first\nlate\n")
    assert second.stdout == b"mine\n"


def test_what_a_command_leaves_running_for_good_ends_with_its_deadline(host: SshHost) -> None:
    with pytest.raises(CommandTimedOut):
        host.run(Command(argv=("sh", "-c", "(sleep 1; echo late) &"), timeout=0.2))

    assert host.run(Command(argv=("echo", "mine"))).stdout == b"mine\n"


def test_what_speaks_on_the_other_stream_between_two_commands_is_not_theirs(host: SshHost) -> None:
    host.run(Command(argv=("sh", "-c", "(sleep 0.1; echo late >&2) >/dev/null &")))
    time.sleep(0.2)

    assert host.run(Command(argv=("sh", "-c", "echo mine >&2"))).stderr == b"mine\n"


def test_one_command_has_one_deadline_whichever_way_it_goes(host: SshHost, server: SshServer) -> None:
    server.fall_silent()

    with pytest.raises(CommandTimedOut):
        host.run(Command(argv=("true",), timeout=0.2))

    assert server.asked_sessions == 1


def test_a_command_that_goes_on_writing_is_given_up_at_its_deadline() -> None:
    class NeverSilent:
        """A channel on which something has come whenever it is asked."""

        def __init__(self) -> None:
            self.in_buffer = self.in_stderr_buffer = self
            self.closed = False
            self._asked = 0

        def set_event(self, event: threading.Event) -> None:
            self.arrival = event
            event.set()

        def settimeout(self, _seconds: float) -> None:
            """Nothing."""

        def sendall(self, _content: bytes) -> None:
            """Nothing."""

        def recv_ready(self) -> bool:
            self._asked += 1
            assert self._asked < 100
            return self._asked % 2 == 1

        def recv_stderr_ready(self) -> bool:
            return False

        def recv(self, _limit: int) -> bytes:
            self.arrival.set()
            return b"."

    answer = Answer(Command(argv=("yes",)), {})

    assert not _heard(NeverSilent(), answer, Deadline.after(0))  # type: ignore[arg-type]
    assert not answer.is_over


@pytest.mark.parametrize("program", ["dash", "bash"])
def test_any_shell_will_do(program: str, start_server: StartServer, keys: Path, tmp_path: Path) -> None:
    server = whose_shell_is(program, start_server, tmp_path)

    with connect(access_to(server, keys), name="branch", folder=keys) as host:
        told = host.run(Command(argv=("env", "sh", "-c", "printf '\\000a'; exit 9")))
        held = host.run(Command(argv=("ls", "-l", "/proc/self/fd")))
        hostile = host.run(Command(argv=("printf", "%s", "it's\n}; exit 1")))

    assert (told.exit_status, told.stdout) == (9, b"\0a")
    assert held.stdout.count(b" -> ") == 4  # three streams, and the folder it lists: nothing of the shell's own
    assert hostile.stdout == b"it's\n}; exit 1"


@pytest.mark.parametrize("program", ["dash", "bash"])
def test_a_shell_whose_channel_is_gone_begins_nothing(program: str, tmp_path: Path) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"there is no {program} on this machine")
    (tmp_path / "sh").symlink_to(str(shutil.which(program)))
    request = Answer(Command(argv=("touch", f"{tmp_path}/begun")), {}).request
    reader, writer = os.pipe()
    os.close(reader)

    # As where nobody has made SIGPIPE end programs again: Python ignores it.
    subprocess.run([tmp_path / "sh"], input=request, stdout=writer, stderr=writer, check=False, restore_signals=False)

    os.close(writer)
    assert not (tmp_path / "begun").exists()


@pytest.mark.parametrize("leaves_nothing", [False, True])
@pytest.mark.parametrize("only_looks", [False, True])
def test_late_words_of_a_dead_operator_change_nothing(tmp_path: Path, only_looks: bool, leaves_nothing: bool) -> None:  # noqa: FBT001
    touched = Command(argv=("touch", f"{tmp_path}/begun"), only_looks=only_looks, leaves_nothing=leaves_nothing)

    subprocess.run(["sh"], input=Answer(touched, {}).request, capture_output=True, check=False)

    assert (tmp_path / "begun").exists() == only_looks


def test_no_other_word_begins_a_change(tmp_path: Path) -> None:
    request = Answer(Command(argv=("touch", f"{tmp_path}/begun")), {}).request

    subprocess.run(["sh"], input=request + request, capture_output=True, check=False)

    assert not (tmp_path / "begun").exists()


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


def test_a_server_that_opens_one_session_at_a_time_gets_it_back(start_server: StartServer, keys: Path) -> None:
    server = start_server(behaviour=Behaviour(most_sessions=1))
    said: list[bytes] = []

    with connect(access_to(server, keys), name="branch", folder=keys) as host:
        for word in (b"one", b"two"):
            said.append(host.run(Command(argv=("echo", word.decode()))).stdout)
            said.append(host.run(Command(argv=("cat",), stdin=word)).stdout)

    assert said == [b"one\n", b"one", b"two\n", b"two"]
    assert asked_for(server) == [SHELL, "cat", "echo two", "cat"]


def test_a_server_that_opens_no_session_says_so(
    start_server: StartServer, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "_PAUSES", (0.0,))
    server = start_server(behaviour=Behaviour(most_sessions=0))

    with (
        connect(access_to(server, keys), name="branch", folder=keys) as host,
        pytest.raises(ConnectionLost, match="true was not started: the server opens no session: open failed"),
    ):
        host.run(Command(argv=("true",)))


def test_a_connection_that_is_cut_is_told_and_nothing_is_run_again(host: SshHost, server: SshServer) -> None:
    host.run(Command(argv=("true",)))
    asked_for(server)
    begun = time.monotonic()
    server.drop_connections()

    with pytest.raises(ConnectionLost):
        host.run(Command(argv=("echo", "again")))

    assert time.monotonic() - begun < 2.0
    assert asked_for(server) == []
