"""What `~/.ssh/config` says, and what of it comes first."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from confgen.model.inventory import SshAccess
from confgen.remote.errors import ConfigUnsupported
from confgen.remote.hop import Hop
from confgen.remote.operator_files import OperatorFiles
from confgen.remote.route import route

NOTHING = SshAccess(address="pbx", user=None, port=None, host_key=None, known_hosts=None, identity_file=None)


@pytest.fixture(autouse=True)
def operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "engineer")


def hop(access: SshAccess = NOTHING, *, folder: Path = Path("/inventory")) -> Hop:
    return route(OperatorFiles().config, access, name="headquarters", folder=folder, timeout=10.0).host


def jumps() -> list[str]:
    return [
        str(jump)
        for jump in route(OperatorFiles().config, NOTHING, name="headquarters", folder=Path(), timeout=10.0).jumps
    ]


def write_config(home: Path, text: str) -> None:
    (home / ".ssh" / "config").write_text(text, encoding="utf-8")


def test_without_a_configuration_the_operator_goes_in_at_port_22_with_the_usual_keys(home: Path) -> None:
    found = hop()

    assert (found.user, found.server, found.known_as) == ("engineer", "pbx:22", "pbx")
    assert found.identity_files == tuple(home / ".ssh" / name for name in ("id_rsa", "id_ecdsa", "id_ed25519"))
    assert home / ".ssh" / "known_hosts" in found.known_hosts
    assert Path("/etc/ssh/ssh_known_hosts") in found.known_hosts
    assert found.other_keys_of_agent


def test_the_configuration_stands_before_what_ssh_does_anyway(home: Path) -> None:
    write_config(
        home,
        """
        Host pbx
            HostName 192.0.2.7   # the new one
            User asterisk
            Port 2222
            IdentityFile "~/my keys/pbx"
            IdentityFile %d/second
            IdentitiesOnly yes
            UserKnownHostsFile ~/known_a ~/known_b
            GlobalKnownHostsFile none
            ConnectTimeout 3
            AddressFamily inet
        Host *
            User nobody
        """,
    )

    found = hop()

    assert (found.user, found.server, found.known_as) == ("asterisk", "192.0.2.7:2222", "[192.0.2.7]:2222")
    assert found.identity_files == (home / "my keys" / "pbx", home / "second")
    assert found.known_hosts == (home / "known_a", home / "known_b")
    assert (found.timeout, found.family, found.other_keys_of_agent) == (3.0, socket.AF_INET, False)


def test_the_inventory_stands_before_the_configuration(home: Path) -> None:
    write_config(home, "User asterisk\nPort 2222\nIdentityFile ~/.ssh/own\nUserKnownHostsFile ~/own\n")
    access = SshAccess(
        address="pbx", user="root", port=22, host_key="SHA256:x", known_hosts="ssh/known_hosts", identity_file="ssh/key"
    )

    found = hop(access)

    assert (found.user, found.server, found.known_as) == ("root", "pbx:22", "pbx")
    assert found.identity_files == (Path("/inventory/ssh/key"),)
    assert found.known_hosts == (Path("/inventory/ssh/known_hosts"),)
    assert found.host_key == "SHA256:x"
    assert not found.other_keys_of_agent


def test_paths_of_the_inventory_may_be_absolute_or_of_the_home(home: Path) -> None:
    access = SshAccess(
        address="pbx", user=None, port=None, host_key=None, known_hosts="/etc/pbx/known_hosts", identity_file="~/key"
    )

    found = hop(access)

    assert found.known_hosts == (Path("/etc/pbx/known_hosts"),)
    assert found.identity_files == (home / "key",)


def test_a_block_that_matches_the_user_of_the_inventory_applies(home: Path) -> None:
    write_config(home, "Match user root\n Port 2222\nMatch originalhost pbx user somebody\n Port 2223\n")
    access = SshAccess(address="pbx", user="root", port=None, host_key=None, known_hosts=None, identity_file=None)

    assert hop(access).port == 2222


def test_an_alias_names_the_host_in_known_hosts_whatever_its_port(home: Path) -> None:
    write_config(home, "Port 2222\nHostKeyAlias headquarters.example.test\n")

    assert hop().known_as == "headquarters.example.test"


def test_included_files_are_read_where_they_stand(home: Path) -> None:
    (home / ".ssh" / "conf.d").mkdir()
    (home / ".ssh" / "conf.d" / "10-pbx").write_text("Host pbx\n User included\n", encoding="utf-8")
    (home / ".ssh" / "conf.d" / "20-other").write_text("Host other\n Port 1\n", encoding="utf-8")
    write_config(home, "Include conf.d/* nosuch\nPort 2222\nHost pbx\n User own\n")

    found = hop()

    assert (found.user, found.port) == ("included", 2222)


def test_files_that_include_each_other_are_refused(home: Path) -> None:
    write_config(home, "Include config\n")

    with pytest.raises(ConfigUnsupported, match="round in a circle"):
        hop()


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("ProxyCommand nc %h %p", "ProxyCommand"),
        ("BindAddress 127.0.0.1", "BindAddress"),
        ("KnownHostsCommand /bin/keys", "KnownHostsCommand"),
        ("RevokedHostKeys /etc/revoked", "RevokedHostKeys"),
        ("HostKeyAlgorithms ssh-rsa", "HostKeyAlgorithms"),
        ("Ciphers aes256-gcm@openssh.com", "Ciphers"),
        ("PubkeyAuthentication no", "PubkeyAuthentication no"),
        ("IdentityFile ~/.ssh/%n", "%n"),
        ("UserKnownHostsFile ${HOME}/known", "HOME"),
        ("Port ssh", "port ssh is not a number"),
        ("AddressFamily inet7", "AddressFamily inet7"),
        ("ProxyJump a@b@c:x", "ProxyJump a@b@c:x"),
        ("Include more", "Include more below a Host or Match line"),
        ("Hostname", "Unparsable line Hostname"),
    ],
)
def test_a_line_that_cannot_be_honoured_is_an_error(line: str, named: str, home: Path) -> None:
    write_config(home, f"Host pbx\n  {line}\n")

    with pytest.raises(ConfigUnsupported) as caught:
        route(OperatorFiles().config, NOTHING, name="headquarters", folder=Path(), timeout=10.0)

    assert named in str(caught.value)
    assert str(home / ".ssh" / "config") in str(caught.value)
    assert caught.value.code == "SSH-06"


def test_what_cannot_be_honoured_for_another_host_does_not_matter(home: Path) -> None:
    write_config(
        home,
        "Host other\n ProxyCommand nc %h %p\n Include more\nMatch host other exec true\n Port 1\nHost *\n Port 2222\n",
    )

    assert hop().port == 2222


@pytest.mark.parametrize("criterion", ['exec "false"', "!exec true", "localnetwork 192.0.2.0/24", "tagged work"])
def test_a_block_that_hangs_on_what_cannot_be_asked_is_an_error(criterion: str, home: Path, tmp_path: Path) -> None:
    write_config(home, f"Match host pbx {criterion.replace('true', f'touch {tmp_path}/ran')}\n  Port 1\n")

    with pytest.raises(ConfigUnsupported, match="Match"):
        hop()

    assert not (tmp_path / "ran").exists()


def test_the_word_none_takes_things_back(home: Path) -> None:
    write_config(home, "Host pbx\n ProxyCommand none\n ProxyJump none\n IdentityAgent none\nHost *\n ProxyJump gate\n")

    assert hop().agent_socket is None
    assert jumps() == []


def test_jump_hosts_are_taken_in_their_order_each_with_its_own_settings(home: Path) -> None:
    write_config(
        home,
        """
        Host pbx
            ProxyJump outer,guest@inner:2200,ssh://third
        Host outer
            HostName 192.0.2.1
            User gatekeeper
            ProxyJump outermost
        Host inner
            User unheard
            ProxyJump unheard
        Host outermost
            Port 443
        """,
    )

    assert jumps() == [
        "jump host outermost (engineer@outermost:443)",
        "jump host outer (gatekeeper@192.0.2.1:22)",
        "jump host inner (guest@inner:2200)",
        "jump host third (engineer@third:22)",
    ]


def test_a_jump_host_that_is_reached_through_itself_is_refused(home: Path) -> None:
    write_config(home, "Host *\n ProxyJump gate\n")

    with pytest.raises(ConfigUnsupported, match="round in a circle"):
        jumps()


def test_what_the_inventory_says_of_the_pbx_it_does_not_say_of_a_jump_host(home: Path) -> None:
    write_config(home, "Host pbx\n ProxyJump gate\n")
    access = SshAccess(
        address="pbx", user="root", port=2222, host_key="SHA256:x", known_hosts="known", identity_file="key"
    )

    (jump,) = route(OperatorFiles().config, access, name="headquarters", folder=Path("/inventory"), timeout=10.0).jumps

    assert (jump.user, jump.port, jump.host_key) == ("engineer", 22, None)
    assert home / ".ssh" / "known_hosts" in jump.known_hosts
    assert home / ".ssh" / "id_ed25519" in jump.identity_files


def test_the_agent_is_found_by_its_variable_or_its_path(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", "/run/agent")
    monkeypatch.setenv("OTHER", "/run/other")

    assert hop().agent_socket == Path("/run/agent")
    write_config(home, "IdentityAgent ~/agent\n")
    assert hop().agent_socket == home / "agent"
    write_config(home, "IdentityAgent $OTHER\n")
    assert hop().agent_socket == Path("/run/other")


def test_paramiko_loads_without_the_program_that_it_has_for_configurations_and_takes_it_from_nobody() -> None:
    program = (
        "import sys; import confgen.remote.ssh; before = 'invoke' in sys.modules;"
        "import invoke; print(before, 'unittest.mock' in sys.modules, invoke.run is not None)"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert answer.stdout.split() == ["False", "True", "True"]
