"""A link that loses everything is noticed, also where only a jump host knows the rest of the way."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from confgen.model.host import Command
from confgen.remote import connection
from confgen.remote.errors import ConnectionLost
from confgen.remote.ssh import connect
from tests.remote.conftest import StartServer, access_to
from tests.remote.ssh_server import Behaviour, SshServer
from tests.remote.test_jump_hosts import INNER, jump_to, key


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_ASKED_EVERY", 0.2)
    monkeypatch.setattr(connection, "_MOST_SILENT", 1.0)


def test_a_far_end_that_falls_silent_behind_a_jump_host_is_given_up(
    start_server: StartServer, server: SshServer, keys: Path
) -> None:
    jump = start_server(key(keys, "other_host"), behaviour=Behaviour(users={INNER: [key(keys, "operator")]}))
    access = access_to(server, keys, jump_hosts=(jump_to(jump, INNER, keys / "operator"),))
    with connect(access, name="branch", folder=keys) as host:
        threading.Timer(0.3, server.fall_silent).start()
        started = time.monotonic()

        with pytest.raises(ConnectionLost):
            host.run(Command(argv=("sleep", "20")))

    assert time.monotonic() - started < 5


def test_a_command_that_says_nothing_for_longer_runs_to_its_end(server: SshServer, keys: Path) -> None:
    with connect(access_to(server, keys), name="headquarters", folder=keys) as host:
        completed = host.run(Command(argv=("sh", "-c", "sleep 2; echo done")))

    assert completed.stdout == b"done\n"
