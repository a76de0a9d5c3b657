"""Nothing that goes through stdin comes out of an error, a repr or a log."""

from __future__ import annotations

import logging
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from confgen.model.host import Command, HostError
from confgen.remote import endings
from confgen.remote.ssh import SshHost
from tests.remote.ssh_server import SshServer

SENTINEL = "s3ntinel-of-this-test"


class Everything(logging.Handler):
    """All that paramiko logs, down to the last detail."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.args!r}")


@pytest.fixture
def log() -> Iterator[Everything]:
    logger = logging.getLogger("paramiko")
    everything = Everything()
    logger.addHandler(everything)
    logger.setLevel(logging.DEBUG)
    yield everything
    logger.setLevel(logging.NOTSET)
    logger.removeHandler(everything)


SCRIPTS = {
    "deadline": "cat >/dev/null; sleep 30",
    "flood": "cat; cat",
    "no status": "cat",
    "cut": "sleep 30",
    "closed": "cat",
}


@pytest.mark.parametrize("mishap", SCRIPTS)
def test_no_mishap_shows_what_went_through_stdin(
    mishap: str, log: Everything, host: SshHost, server: SshServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = Command(argv=("sh", "-c", SCRIPTS[mishap]), stdin=SENTINEL.encode() * 100, timeout=0.3)
    if mishap == "flood":
        monkeypatch.setattr(endings, "OUTPUT_LIMIT", 1000)
    elif mishap == "no status":
        server.behaviour.sends_exit_status = False
    elif mishap == "cut":
        server.cut_after_next_command()
    elif mishap == "closed":
        host.close()

    with pytest.raises(HostError) as caught:
        host.run(command)

    shown = [repr(command), repr(host), repr(caught.value), *traceback.format_exception(caught.value), *log.lines]
    assert log.lines
    assert not any(SENTINEL in line for line in shown)


def test_what_a_command_says_is_not_in_its_repr(host: SshHost) -> None:
    completed = host.run(Command(argv=("tee", "/dev/stderr"), stdin=SENTINEL.encode()))

    assert SENTINEL.encode() in completed.stdout
    assert SENTINEL not in repr(completed)


def test_a_failing_connection_prints_nothing_of_its_own(tmp_path: Path) -> None:
    program = """
import socket, sys, threading
from pathlib import Path
from confgen.model.inventory import SshAccess
from confgen.remote.errors import Unreachable
from confgen.remote.ssh import connect
listener = socket.create_server(("127.0.0.1", 0))
def greet():
    with listener.accept()[0] as connection:
        connection.sendall(b"SIP/2.0 400 Bad Request\\r\\n")
threading.Thread(target=greet, daemon=True).start()
access = SshAccess(address="127.0.0.1", user="root", port=listener.getsockname()[1], host_key=None, known_hosts=None,
                   identity_file=None)
try:
    connect(access, name="branch", folder=Path(), timeout=5.0)
except Unreachable:
    sys.exit(7)
"""

    ended = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        env={"HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
    )

    assert (ended.returncode, ended.stdout, ended.stderr) == (7, b"", b"")
