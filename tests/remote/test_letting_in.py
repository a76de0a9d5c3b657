"""Being let in: which keys are tried, and the way through jump hosts."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import paramiko
import pytest

from confgen.model.host import Command
from confgen.model.inventory import SshAccess
from confgen.remote.errors import AuthenticationRefused, ConnectionLost, HostKeyChanged, HostKeyUnknown, Unreachable
from confgen.remote.ssh import SshHost, connect
from tests.remote.agent import agent_with
from tests.remote.conftest import StartServer, access_to
from tests.remote.ssh_server import Behaviour, SshServer, write_key


def whoami(host: SshHost) -> bytes:
    return host.run(Command(argv=("echo", "inside"))).stdout


def test_a_connection_names_its_pbx_and_sends_small_packets_at_once(host: SshHost) -> None:
    connection = host._transport.sock  # noqa: SLF001 - the option is seen nowhere else

    assert host.name == "headquarters"
    assert isinstance(connection, socket.socket)
    assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_nothing_out_of_date_encrypts_it(host: SshHost) -> None:
    transport = host._transport  # noqa: SLF001
    options = transport.get_security_options()

    assert all("ctr" in cipher or "gcm" in cipher for cipher in options.ciphers)
    assert all("sha2" in digest for digest in options.digests)
    assert transport.local_cipher in options.ciphers


def test_a_key_that_is_not_authorized_is_refused_by_name(server: SshServer, keys: Path) -> None:
    stranger = paramiko.PKey.from_path(keys / "stranger")

    with pytest.raises(AuthenticationRefused) as caught:
        connect(access_to(server, keys, identity_file="stranger"), name="branch", folder=keys)

    assert caught.value.code == "SSH-04"
    assert f"branch (root@127.0.0.1:{server.port})" in str(caught.value)
    assert f"{keys / 'stranger'} {stranger.fingerprint}" in str(caught.value)


def test_the_usual_keys_of_the_operator_are_tried_when_none_is_named(server: SshServer, keys: Path, home: Path) -> None:
    (home / ".ssh" / "id_ed25519").write_bytes((keys / "operator").read_bytes())

    with connect(access_to(server, keys, identity_file=None), name="branch", folder=keys) as host:
        assert whoami(host) == b"inside\n"


def test_an_encrypted_key_without_an_agent_is_named_with_the_mend(
    server: SshServer, keys: Path, tmp_path: Path
) -> None:
    write_key(tmp_path / "locked", b"passphrase")

    with pytest.raises(AuthenticationRefused, match="locked is encrypted and no agent holds it: add it with ssh-add"):
        connect(access_to(server, keys, identity_file="locked"), name="branch", folder=tmp_path)


def test_an_encrypted_key_is_used_by_the_agent_that_holds_it(
    start_server: StartServer, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = write_key(tmp_path / "locked", b"passphrase")
    others = [write_key(tmp_path / f"other{number}") for number in range(3)]
    server = start_server(behaviour=Behaviour(users={"root": [key]}))

    with agent_with([*others, key], tmp_path / "agent") as agent:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(agent))
        with connect(access_to(server, keys, identity_file="locked"), name="branch", folder=tmp_path) as host:
            assert whoami(host) == b"inside\n"

    assert {fingerprint for _, fingerprint in server.key_attempts} == {key.fingerprint}


def test_a_key_that_only_the_agent_holds_is_named_by_its_public_half(
    server: SshServer, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operator_key: paramiko.PKey
) -> None:
    with agent_with([operator_key], tmp_path / "agent") as agent:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(agent))
        with connect(access_to(server, keys, identity_file="operator.pub"), name="branch", folder=keys) as host:
            assert whoami(host) == b"inside\n"


def test_the_keys_of_the_agent_are_tried_when_none_is_named(
    server: SshServer, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operator_key: paramiko.PKey
) -> None:
    with agent_with([operator_key], tmp_path / "agent") as agent:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(agent))
        with connect(access_to(server, keys, identity_file=None), name="branch", folder=keys) as host:
            assert whoami(host) == b"inside\n"


def test_an_agent_that_does_not_answer_is_mentioned(
    server: SshServer, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "gone"))

    with pytest.raises(AuthenticationRefused, match=r"after trying no key; not tried: no agent answers at .*gone"):
        connect(access_to(server, keys, identity_file=None), name="branch", folder=keys)


def test_a_key_file_that_is_none_is_mentioned_without_its_content(
    server: SshServer, keys: Path, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("s3ntinel", encoding="utf-8")

    with pytest.raises(AuthenticationRefused, match=r"key is no key that can be used") as caught:
        connect(access_to(server, keys, identity_file="key"), name="branch", folder=tmp_path)

    assert "s3ntinel" not in str(caught.value)


def test_a_named_key_file_that_is_not_there_is_mentioned(server: SshServer, keys: Path) -> None:
    with pytest.raises(AuthenticationRefused, match="nosuch is not there"):
        connect(access_to(server, keys, identity_file="nosuch"), name="branch", folder=keys)


def test_a_server_that_takes_passwords_alone_says_so(start_server: StartServer, keys: Path) -> None:
    server = start_server(behaviour=Behaviour(users={"root": []}, methods="password"))

    with pytest.raises(AuthenticationRefused, match="takes no keys, only password"):
        connect(access_to(server, keys), name="branch", folder=keys)


def test_nothing_listening_is_told_in_one_line(keys: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    access = SshAccess(address="127.0.0.1", user="root", port=port, host_key=None, known_hosts=None, identity_file=None)

    with pytest.raises(Unreachable, match=rf"^branch \(root@127.0.0.1:{port}\): Connection refused; .*$"):
        connect(access, name="branch", folder=keys)


def test_a_server_that_never_greets_is_given_up_in_time(keys: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        access = SshAccess(
            address="127.0.0.1",
            user="root",
            port=listener.getsockname()[1],
            host_key=None,
            known_hosts=None,
            identity_file=None,
        )
        begun = time.monotonic()

        with pytest.raises(Unreachable, match=r"no SSH server greets within 0\.2 s"):
            connect(access, name="branch", folder=keys, timeout=0.2)

        assert time.monotonic() - begun < 2.0


def test_what_is_no_ssh_server_is_told_from_one(keys: Path) -> None:
    def greet(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"SIP/2.0 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=greet, args=(listener,), daemon=True).start()
        access = SshAccess(
            address="127.0.0.1",
            user="root",
            port=listener.getsockname()[1],
            host_key=None,
            known_hosts=None,
            identity_file=None,
        )

        with pytest.raises(Unreachable, match="is no SSH server that works"):
            connect(access, name="branch", folder=keys)


def know(home: Path, server: SshServer, key: paramiko.PKey) -> None:
    with (home / ".ssh" / "known_hosts").open("a", encoding="utf-8") as known_hosts:
        known_hosts.write(f"[127.0.0.1]:{server.port} {key.get_name()} {key.get_base64()}\n")


@pytest.fixture
def jump(start_server: StartServer, keys: Path, operator_key: paramiko.PKey, home: Path) -> SshServer:
    """A jump host before every server here, as `~/.ssh/config` has it."""
    jump = start_server(
        paramiko.PKey.from_path(keys / "jump"), behaviour=Behaviour(users={"gatekeeper": [operator_key]})
    )
    (home / ".ssh" / "config").write_text(
        f"Host 127.0.0.1\n  ProxyJump gatekeeper@gate:{jump.port}\n"
        f"Host gate\n  HostName 127.0.0.1\n  IdentityFile {keys / 'operator'}\n",
        encoding="utf-8",
    )
    return jump


def test_a_host_behind_a_jump_host_is_reached_through_it(
    jump: SshServer, server: SshServer, keys: Path, home: Path
) -> None:
    know(home, jump, jump.host_keys[0])

    with connect(access_to(server, keys), name="branch", folder=keys) as host:
        assert whoami(host) == b"inside\n"
        much = b"x" * 3_000_000
        assert host.run(Command(argv=("cat",), stdin=much)).stdout == much

    assert {user for user, _ in jump.key_attempts} == {"gatekeeper"}
    assert jump.commands.empty()


def test_a_jump_host_that_breaks_away_takes_the_connection_with_it(
    jump: SshServer, server: SshServer, keys: Path, home: Path
) -> None:
    know(home, jump, jump.host_keys[0])

    with connect(access_to(server, keys), name="branch", folder=keys) as host:
        jump.drop_connections()
        with pytest.raises(ConnectionLost):
            host.run(Command(argv=("sleep", "30")))


def test_a_jump_host_must_be_known_as_well(jump: SshServer, server: SshServer, keys: Path, home: Path) -> None:
    with pytest.raises(HostKeyUnknown, match=r"^jump host gate \(gatekeeper@127.0.0.1"):
        connect(access_to(server, keys), name="branch", folder=keys)

    know(home, jump, paramiko.PKey.from_path(keys / "other_host"))
    with pytest.raises(HostKeyChanged, match=r"^HOST KEY CHANGED: jump host gate"):
        connect(access_to(server, keys), name="branch", folder=keys)
    assert server.key_attempts == []


def test_the_host_behind_a_jump_host_must_be_known_as_well(
    jump: SshServer, server: SshServer, keys: Path, home: Path
) -> None:
    know(home, jump, jump.host_keys[0])

    with pytest.raises(HostKeyUnknown, match=r"^branch "):
        connect(access_to(server, keys, host_key=None), name="branch", folder=keys)


def test_a_jump_host_that_does_not_get_there_is_told_from_one_that_is_away(
    jump: SshServer, server: SshServer, keys: Path, home: Path
) -> None:
    know(home, jump, jump.host_keys[0])
    jump.behaviour.refusals[server.port] = "No route to host"

    with pytest.raises(Unreachable, match=r"branch .*the jump host before it does not get there: No route to host"):
        connect(access_to(server, keys), name="branch", folder=keys)

    jump.__exit__()
    with pytest.raises(Unreachable, match=r"^jump host gate .*: Connection refused"):
        connect(access_to(server, keys), name="branch", folder=keys)
