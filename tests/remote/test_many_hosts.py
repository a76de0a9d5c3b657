"""Thousands of hosts: what is read once, and who waits for whom."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import paramiko
import pytest

from confgen.model.host import Command
from confgen.remote.client_config import read_client_config
from confgen.remote.errors import ConfigUnsupported, Unreachable
from confgen.remote.gates import AT_ONCE, Gates
from confgen.remote.hop import Hop
from confgen.remote.known_hosts import KnownHosts, read_known_hosts
from confgen.remote.operator_files import OperatorFiles
from confgen.remote.ssh import connect
from tests.remote.conftest import access_to
from tests.remote.ssh_server import SshServer

TIMEOUT = 20  # seconds, for threads that should meet

HOP = Hop(
    label="jump host gate",
    address="192.0.2.1",
    port=22,
    user="root",
    known_as="192.0.2.1",
    known_hosts=(),
    host_key=None,
    identity_files=(),
    identity_is_named=False,
    other_keys_of_agent=False,
    agent_socket=None,
    timeout=10.0,
)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def find_shut(gates: Gates, clock: Clock, *, after: float, behind: tuple[Hop, ...] = ()) -> None:
    def knock() -> None:
        with gates.to_jump_host(HOP, behind):
            clock.now += after
            raise Unreachable("jump host gate: no answer")

    with pytest.raises(Unreachable, match="no answer"):
        knock()


def test_so_many_are_at_one_server_at_once_and_nobody_waits_for_another_server() -> None:
    gates, is_in = Gates(), threading.Event()

    def knock() -> None:
        with gates.to_host(HOP, ()):
            is_in.set()

    with ExitStack() as inside:
        for _ in range(AT_ONCE):
            inside.enter_context(gates.to_host(HOP, ()))
        with gates.to_host(replace(HOP, address="192.0.2.2"), ()):
            """Another server."""
        one_more = threading.Thread(target=knock)
        one_more.start()
        assert not is_in.wait(0.05)

    assert is_in.wait(TIMEOUT)
    one_more.join(TIMEOUT)


def test_a_jump_host_that_did_not_answer_is_not_waited_for_by_each_pbx_behind_it() -> None:
    clock = Clock()
    gates = Gates(clock)
    find_shut(gates, clock, after=10.0)

    with pytest.raises(Unreachable, match="no answer"), gates.to_jump_host(HOP, ()):
        pytest.fail("it was asked again")
    clock.now += 31
    with gates.to_jump_host(HOP, ()):
        """It is asked again, and answers."""
    with gates.to_jump_host(HOP, ()):
        """And is forgiven."""


def test_who_is_turned_away_at_once_tells_the_others_nothing() -> None:
    clock = Clock()
    gates = Gates(clock)
    find_shut(gates, clock, after=0.1)

    with gates.to_jump_host(HOP, ()):
        """MaxStartups turns away one, and lets in the next."""


def test_another_user_of_a_jump_host_and_a_pbx_of_its_address_find_out_by_themselves() -> None:
    clock = Clock()
    gates = Gates(clock)
    find_shut(gates, clock, after=10.0)

    with gates.to_jump_host(replace(HOP, user="other"), ()), gates.to_host(replace(HOP, label="hq"), ()):
        """Neither is the one that did not answer."""


def test_an_address_is_another_server_behind_each_jump_host() -> None:
    clock = Clock()
    gates = Gates(clock)
    north, south = (replace(HOP, address=f"198.51.100.{number}") for number in (1, 2))

    find_shut(gates, clock, after=10.0, behind=(north,))
    with ExitStack() as inside:
        for _ in range(AT_ONCE):
            inside.enter_context(gates.to_host(HOP, (north, HOP)))
        with gates.to_jump_host(HOP, (south,)), gates.to_host(HOP, (south, HOP)):
            """Neither was found shut, nor is full."""


def test_the_lines_about_a_host_are_found_in_their_order(tmp_path: Path, host_key: paramiko.PKey) -> None:
    key = f"ssh-ed25519 {host_key.get_base64()}"
    file = tmp_path / "known_hosts"
    file.write_text(
        f"other {key}\n192.0.2.* {key}\nHQ,192.0.2.7 {key}\n*,!192.0.2.7 {key}\n@revoked hq {key}\n[hq]:22 {key}\n"
        f"both,!both {key}\n",
        encoding="utf-8",
    )
    known = KnownHosts(read_known_hosts([file]))

    def lines(name: str) -> list[str]:
        return [entry.place.rpartition(":")[2] for entry in known.about(name)]

    assert lines("192.0.2.7") == ["2", "3"]
    assert lines("hq") == ["3", "4", "5"]
    assert lines("[HQ]:22") == ["4", "6"]
    assert lines("nobody") == lines("both") == ["4"]


def test_each_file_is_read_once_in_a_run(home: Path, tmp_path: Path, host_key: paramiko.PKey) -> None:
    known_hosts, config = tmp_path / "known_hosts", home / ".ssh" / "config"
    known_hosts.write_text(f"hq ssh-ed25519 {host_key.get_base64()}\n", encoding="utf-8")
    config.write_text("User first\n", encoding="utf-8")
    files = OperatorFiles()
    first = (files.known_hosts((known_hosts,)), files.config)
    known_hosts.unlink()
    config.unlink()

    assert (files.known_hosts((known_hosts,)), files.config) == first
    assert len(OperatorFiles().known_hosts((known_hosts,)).about("hq")) == 0


def test_who_asks_for_a_file_that_is_just_being_read_waits_for_it(monkeypatch: pytest.MonkeyPatch, keys: Path) -> None:
    read: list[Path] = []
    from_path = paramiko.PKey.from_path

    def slowly(file: Path) -> paramiko.PKey:
        read.append(file)
        time.sleep(0.05)
        return from_path(file)

    monkeypatch.setattr(paramiko.PKey, "from_path", slowly)
    files = OperatorFiles()
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: files.private_key(keys / "operator"), range(4)))

    assert len({id(key) for key in found}) == len(read) == 1


def test_a_key_that_could_not_be_read_is_read_anew(keys: Path, tmp_path: Path) -> None:
    files, file = OperatorFiles(), tmp_path / "key"
    with pytest.raises(FileNotFoundError):
        files.private_key(file)
    file.write_bytes((keys / "operator").read_bytes())

    assert files.private_key(file) is files.private_key(file)


def test_of_thousands_of_blocks_only_those_that_may_be_about_a_host_are_looked_at(home: Path) -> None:
    file = home / ".ssh" / "config"
    blocks = "".join(f"Host pbx-{number}\n User user-{number}\n" for number in range(3000))
    file.write_text(
        f"Port 2222\n{blocks}Host pbx-*\n User nobody\nMatch host pbx-7\n Compression yes\n", encoding="utf-8"
    )
    config = read_client_config(file)

    assert config.settings("pbx-7", {}).values["user"] == "user-7"
    assert config.settings("pbx-7", {}).values["compression"] == "yes"
    assert config.settings("pbx-x", {"Port": "22"}).values["user"] == "nobody"
    assert config.settings("pbx-x", {"Port": "22"}).number("port") == 22


def test_a_second_lookup_under_another_name_sees_every_block(home: Path) -> None:
    file = home / ".ssh" / "config"
    file.write_text(
        "CanonicalizeHostname yes\nCanonicalDomains example.invalid\nCanonicalizeFallbackLocal yes\n"
        "Host pbx\n User one\nHost pbx.example.invalid\n User two\n",
        encoding="utf-8",
    )

    assert len([block for block in read_client_config(file).blocks if block.names is None]) == 3


def test_a_line_that_cannot_be_read_is_an_error_in_whichever_block(home: Path) -> None:
    file = home / ".ssh" / "config"
    file.write_text("Host other\n  Hostname\n", encoding="utf-8")

    with pytest.raises(ConfigUnsupported, match="Unparsable line Hostname"):
        read_client_config(file)


def test_a_connection_that_has_ended_is_gone_before_anybody_looks_for_garbage(server: SshServer, keys: Path) -> None:
    gc.disable()
    try:
        host = connect(access_to(server, keys), name="headquarters", folder=keys)
        host.run(Command(argv=("true",)))
        transport = host._transport  # noqa: SLF001
        left = (weakref.ref(transport), weakref.ref(transport.packetizer))

        host.close()
        transport.join(TIMEOUT)
        del host, transport

        assert (left[0](), left[1]()) == (None, None)
    finally:
        gc.enable()
