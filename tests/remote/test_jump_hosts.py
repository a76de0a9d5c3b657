"""Jump hosts of the inventory: a real chain of servers, each of them strict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import paramiko
import pytest

from confgen.model.host import Command
from confgen.model.inventory import JumpHost, SshAccess
from confgen.remote.errors import AuthenticationRefused, HostKeyChanged, HostKeyUnknown, Unreachable
from confgen.remote.operator_files import OperatorFiles
from confgen.remote.route import Route, route
from confgen.remote.ssh import connect
from tests.remote.conftest import StartServer, access_to
from tests.remote.ssh_server import Behaviour, SshServer

OUTER, INNER = "gatekeeper", "doorman"  # the users of the two jump hosts


def key(keys: Path, name: str) -> paramiko.PKey:
    return paramiko.PKey.from_path(keys / name)


@pytest.fixture
def outer(start_server: StartServer, keys: Path) -> SshServer:
    """A jump host that knows the operator by a key of its own."""
    return start_server(key(keys, "jump"), behaviour=Behaviour(users={OUTER: [key(keys, "stranger")]}))


@pytest.fixture
def inner(start_server: StartServer, keys: Path) -> SshServer:
    return start_server(key(keys, "other_host"), behaviour=Behaviour(users={INNER: [key(keys, "operator")]}))


def jump_to(server: SshServer, user: str, identity: Path, **changes: Any) -> JumpHost:  # noqa: ANN401, any field of it
    parts: dict[str, Any] = {
        "host_key": server.host_keys[0].fingerprint,
        "known_hosts": None,
        "identity_file": str(identity),
        "user": user,
        "port": server.port,
        **changes,
    }
    return JumpHost(address="127.0.0.1", **parts)


def whoami(access: SshAccess, folder: Path) -> bytes:
    with connect(access, name="branch", folder=folder) as host:
        return host.run(Command(argv=("echo", "inside"))).stdout


def test_a_chain_of_two_is_taken_in_its_order_each_with_its_own_user_and_key(
    outer: SshServer, inner: SshServer, server: SshServer, keys: Path
) -> None:
    chain = (jump_to(outer, OUTER, keys / "stranger"), jump_to(inner, INNER, keys / "operator"))

    assert whoami(access_to(server, keys, jump_hosts=chain), keys) == b"inside\n"

    assert {user for user, _ in outer.key_attempts} == {OUTER}
    assert {user for user, _ in inner.key_attempts} == {INNER}
    assert outer.commands.empty()
    assert inner.commands.empty()


def test_a_chain_is_not_taken_in_another_order(
    outer: SshServer, inner: SshServer, server: SshServer, keys: Path
) -> None:
    outer.behaviour.refusals[server.port] = "No route to host"
    right = (jump_to(outer, OUTER, keys / "stranger"), jump_to(inner, INNER, keys / "operator"))

    assert whoami(access_to(server, keys, jump_hosts=right), keys) == b"inside\n"
    with pytest.raises(Unreachable, match=r"^branch .*the jump host before it does not get there: No route to host"):
        whoami(access_to(server, keys, jump_hosts=right[::-1]), keys)


def test_a_jump_host_with_another_key_than_the_pinned_one_is_refused_and_learns_nothing_of_us(
    outer: SshServer, server: SshServer, keys: Path
) -> None:
    jump = jump_to(outer, OUTER, keys / "stranger", host_key=key(keys, "host").fingerprint)

    with pytest.raises(HostKeyChanged, match=r"^HOST KEY CHANGED: jump host 127\.0\.0\.1 \(gatekeeper@"):
        whoami(access_to(server, keys, jump_hosts=(jump,)), keys)

    assert outer.key_attempts == []
    assert server.key_attempts == []


def test_an_unknown_jump_host_is_refused_and_not_learnt(
    outer: SshServer, inner: SshServer, server: SshServer, keys: Path, home: Path
) -> None:
    chain = (
        jump_to(outer, OUTER, keys / "stranger"),
        jump_to(inner, INNER, keys / "operator", host_key=None),
    )

    for _ in range(2):
        with pytest.raises(HostKeyUnknown, match=r"^jump host 127\.0\.0\.1 \(doorman@"):
            whoami(access_to(server, keys, jump_hosts=chain), keys)

    assert not (home / ".ssh" / "known_hosts").exists()
    assert inner.key_attempts == []
    assert server.key_attempts == []


def test_the_key_of_the_pbx_is_not_taken_for_that_of_its_jump_host(
    outer: SshServer, server: SshServer, keys: Path
) -> None:
    with pytest.raises(AuthenticationRefused, match=r"^jump host 127\.0\.0\.1 .*not let in"):
        whoami(access_to(server, keys, jump_hosts=(jump_to(outer, OUTER, keys / "operator"),)), keys)

    assert server.key_attempts == []


def test_its_files_lie_beside_the_inventory(outer: SshServer, server: SshServer, keys: Path, tmp_path: Path) -> None:
    shown = outer.host_keys[0]
    (tmp_path / "ssh").mkdir()
    (tmp_path / "ssh" / "jump").write_bytes((keys / "stranger").read_bytes())
    (tmp_path / "ssh" / "known").write_text(
        f"[127.0.0.1]:{outer.port} {shown.get_name()} {shown.get_base64()}\n", encoding="utf-8"
    )
    jump = jump_to(outer, OUTER, Path("ssh/jump"), host_key=None, known_hosts="ssh/known")

    assert whoami(access_to(server, keys, jump_hosts=(jump,)), tmp_path) == b"inside\n"


def test_a_jump_host_that_is_away_is_named(outer: SshServer, server: SshServer, keys: Path) -> None:
    outer.__exit__()

    with pytest.raises(Unreachable, match=r"^jump host 127\.0\.0\.1 \(gatekeeper@.*: Connection refused"):
        whoami(access_to(server, keys, jump_hosts=(jump_to(outer, OUTER, keys / "stranger"),)), keys)


def way(home: Path, config: str, *jump_hosts: JumpHost) -> Route:
    (home / ".ssh" / "config").write_text(config, encoding="utf-8")
    access = SshAccess(
        address="pbx",
        user="root",
        port=None,
        host_key=None,
        known_hosts=None,
        identity_file=None,
        jump_hosts=jump_hosts,
    )
    return route(OperatorFiles().config, access, name="branch", folder=Path("/inventory"), timeout=10.0)


def only_address(address: str) -> JumpHost:
    return JumpHost(address=address, user=None, port=None, host_key=None, known_hosts=None, identity_file=None)


CONFIG = """
Host pbx
    ProxyJump unheard
    ProxyCommand unheard
Host gate
    HostName 192.0.2.1
    User gatekeeper
    Port 2200
    IdentityFile ~/gate
    ProxyJump outermost
Host inner
    User doorman
    ProxyJump unheard
"""


def test_what_the_inventory_does_not_say_of_a_jump_host_the_configuration_does(home: Path) -> None:
    outermost, gate, inner = way(home, CONFIG, only_address("gate"), only_address("inner")).jumps

    assert outermost.label == "jump host outermost"
    assert str(gate) == "jump host gate (gatekeeper@192.0.2.1:2200)"
    assert gate.identity_files == (home / "gate",)
    assert str(inner) == "jump host inner (doorman@inner:22)"


def test_what_the_inventory_says_of_a_jump_host_stands_above_the_configuration(home: Path) -> None:
    named = JumpHost(
        address="inner", user="ann", port=2222, host_key="SHA256:x", known_hosts="known", identity_file="key"
    )

    (jump,) = way(home, "Host inner\n User doorman\n Port 22\n IdentityFile ~/inner\n", named).jumps

    assert str(jump) == "jump host inner (ann@inner:2222)"
    assert jump.host_key == "SHA256:x"
    assert jump.known_hosts == (Path("/inventory/known"),)
    assert jump.identity_files == (Path("/inventory/key"),)
    assert not jump.other_keys_of_agent


def test_no_jump_hosts_in_the_inventory_means_none(home: Path) -> None:
    assert way(home, CONFIG).jumps == ()
