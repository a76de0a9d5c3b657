"""Host keys: strict, and never learnt."""

from __future__ import annotations

import re
from pathlib import Path

import paramiko
import pytest

from confgen.model.host import Command
from confgen.model.inventory import SshAccess
from confgen.remote.errors import HostKeyChanged, HostKeyUnknown
from confgen.remote.known_hosts import read_known_hosts
from confgen.remote.ssh import connect
from tests.remote.conftest import StartServer, access_to
from tests.remote.ssh_server import SshServer


@pytest.fixture
def known_hosts(home: Path) -> Path:
    return home / ".ssh" / "known_hosts"


def line(server: SshServer, key: paramiko.PKey, *, pattern: str | None = None) -> str:
    return f"{pattern or f'[127.0.0.1]:{server.port}'} {key.get_name()} {key.get_base64()}\n"


def is_let_in(access: SshAccess, folder: Path) -> bool:
    with connect(access, name="headquarters", folder=folder) as host:
        return host.run(Command(argv=("true",))).exit_status == 0


def test_an_unknown_host_is_refused_with_its_fingerprint_and_learns_nothing_of_us(
    server: SshServer, keys: Path, host_key: paramiko.PKey, known_hosts: Path
) -> None:
    with pytest.raises(HostKeyUnknown) as caught:
        connect(access_to(server, keys, host_key=None), name="headquarters", folder=keys)

    assert caught.value.code == "SSH-02"
    assert f"host_key: {host_key.fingerprint} in the inventory" in str(caught.value)
    assert not known_hosts.exists()
    assert server.key_attempts == []


def test_the_line_that_the_refusal_shows_is_the_one_to_add(server: SshServer, keys: Path, known_hosts: Path) -> None:
    access = access_to(server, keys, host_key=None)
    with pytest.raises(HostKeyUnknown) as caught:
        connect(access, name="headquarters", folder=keys)

    known_hosts.write_text(str(caught.value).rpartition("in known_hosts: ")[2], encoding="utf-8")

    assert is_let_in(access, keys)


def test_a_changed_key_is_refused_with_both_fingerprints(
    server: SshServer, keys: Path, host_key: paramiko.PKey, known_hosts: Path
) -> None:
    old = paramiko.PKey.from_path(keys / "other_host")
    known_hosts.write_text("# ours\n" + line(server, old), encoding="utf-8")

    with pytest.raises(HostKeyChanged, match=r"^HOST KEY CHANGED: headquarters ") as caught:
        connect(access_to(server, keys, host_key=None), name="headquarters", folder=keys)

    assert host_key.fingerprint in str(caught.value)
    assert f"{old.fingerprint} (ssh-ed25519) at {known_hosts}:2" in str(caught.value)
    assert server.key_attempts == []


def test_a_key_of_another_type_than_the_known_one_is_a_changed_key(
    server: SshServer, keys: Path, known_hosts: Path
) -> None:
    known_hosts.write_text(line(server, paramiko.ECDSAKey.generate()), encoding="utf-8")

    with pytest.raises(HostKeyChanged):
        connect(access_to(server, keys, host_key=None), name="headquarters", folder=keys)


def test_a_pinned_fingerprint_needs_no_known_hosts(server: SshServer, keys: Path, host_key: paramiko.PKey) -> None:
    assert is_let_in(access_to(server, keys, host_key=host_key.fingerprint), keys)


def test_a_pinned_fingerprint_stands_above_known_hosts(
    server: SshServer, keys: Path, host_key: paramiko.PKey, known_hosts: Path
) -> None:
    known_hosts.write_text(line(server, host_key), encoding="utf-8")
    pinned = paramiko.PKey.from_path(keys / "other_host").fingerprint

    with pytest.raises(HostKeyChanged, match=re.escape(f"but the inventory pins {pinned}")):
        connect(access_to(server, keys, host_key=pinned), name="headquarters", folder=keys)

    assert server.key_attempts == []


def test_a_server_with_several_keys_is_asked_for_the_pinned_one(
    start_server: StartServer, keys: Path, host_key: paramiko.PKey
) -> None:
    second = paramiko.ECDSAKey.generate()
    server = start_server(host_key, second)

    assert is_let_in(access_to(server, keys, host_key=host_key.fingerprint), keys)
    assert is_let_in(access_to(server, keys, host_key=second.fingerprint), keys)


def test_a_server_with_several_keys_is_asked_for_the_known_one(
    start_server: StartServer, keys: Path, host_key: paramiko.PKey, known_hosts: Path
) -> None:
    second = paramiko.ECDSAKey.generate()
    server = start_server(host_key, second)
    known_hosts.write_text(line(server, second), encoding="utf-8")

    assert is_let_in(access_to(server, keys, host_key=None), keys)


def test_a_hashed_name_with_its_port_is_known(
    server: SshServer, keys: Path, host_key: paramiko.PKey, known_hosts: Path
) -> None:
    hashed = paramiko.HostKeys.hash_host(f"[127.0.0.1]:{server.port}")
    known_hosts.write_text(line(server, host_key, pattern=hashed), encoding="utf-8")

    assert is_let_in(access_to(server, keys, host_key=None), keys)


@pytest.mark.parametrize(
    "pattern",
    ["127.0.0.1", "[127.0.0.1]:22", "[127.0.0.1]:*,![127.0.0.1]:{port}", "|1|AAAA|AAAA", "|2|x", "[127.0.0.?]:1"],
)
def test_a_line_about_another_host_or_port_does_not_count(
    pattern: str, server: SshServer, keys: Path, host_key: paramiko.PKey, known_hosts: Path
) -> None:
    known_hosts.write_text(line(server, host_key, pattern=pattern.format(port=server.port)), encoding="utf-8")

    with pytest.raises(HostKeyUnknown):
        connect(access_to(server, keys, host_key=None), name="headquarters", folder=keys)


@pytest.mark.parametrize("pattern", ["[127.0.0.*]:{port}", "pbx,[127.0.0.1]:{port}", "[127.?.0.1]:*"])
def test_a_pattern_that_means_the_host_counts(
    pattern: str, server: SshServer, keys: Path, host_key: paramiko.PKey, known_hosts: Path
) -> None:
    known_hosts.write_text(line(server, host_key, pattern=pattern.format(port=server.port)), encoding="utf-8")

    assert is_let_in(access_to(server, keys, host_key=None), keys)


def test_a_revoked_key_is_refused_though_another_line_trusts_it(
    server: SshServer, keys: Path, host_key: paramiko.PKey, known_hosts: Path
) -> None:
    known_hosts.write_text(line(server, host_key) + "@revoked " + line(server, host_key, pattern="*"), encoding="utf-8")

    with pytest.raises(HostKeyChanged, match=r"^HOST KEY REVOKED"):
        connect(access_to(server, keys, host_key=None), name="headquarters", folder=keys)


def test_the_key_of_an_authority_is_no_host_key(
    server: SshServer, keys: Path, host_key: paramiko.PKey, known_hosts: Path
) -> None:
    known_hosts.write_text("@cert-authority " + line(server, host_key), encoding="utf-8")

    with pytest.raises(HostKeyUnknown, match="confgen does not check host certificates"):
        connect(access_to(server, keys, host_key=None), name="headquarters", folder=keys)


def test_the_known_hosts_of_the_inventory_lies_beside_it_and_stands_alone(
    server: SshServer, keys: Path, host_key: paramiko.PKey, known_hosts: Path, tmp_path: Path
) -> None:
    known_hosts.write_text(line(server, host_key), encoding="utf-8")
    access = access_to(server, keys, host_key=None, known_hosts="ssh/known_hosts")

    with pytest.raises(HostKeyUnknown, match=r"not in .*/ssh/known_hosts;"):
        connect(access, name="headquarters", folder=tmp_path)

    (tmp_path / "ssh").mkdir()
    (tmp_path / "ssh" / "known_hosts").write_text(line(server, host_key), encoding="utf-8")
    assert is_let_in(access, tmp_path)


def test_a_line_that_cannot_be_read_is_passed_over(tmp_path: Path, host_key: paramiko.PKey) -> None:
    file = tmp_path / "known_hosts"
    file.write_text(
        f"\n# pbx ssh-ed25519 AAAA\npbx\npbx ssh-ed25519\npbx ssh-ed25519 %%%\n@odd pbx ssh-ed25519 AAAA\n"
        f"pbx\tssh-ed25519 {host_key.get_base64()} a comment\n",
        encoding="utf-8",
    )

    assert [entry.key.fingerprint for entry in read_known_hosts([file])] == [host_key.fingerprint]
