"""Hosts are prepared on request, and a plan that was saved is carried out as it is, or not at all."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from confgen.archives import pack
from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.root_folder import Root
from tests.live.reached import INSTALLED, Reached

_SPECS = (
    HostSpec(name="desk22", domain="desk22.example.test"),
    HostSpec(name="desk16", domain="desk16.example.test", root=Root.ASTERISK_16),
)
_ON_22 = pytest.mark.parametrize("name", ["desk22", pytest.param("desk16", marks=pytest.mark.full)], ids=["22", "16"])
_FULL = pytest.mark.parametrize(
    "name",
    [pytest.param("desk22", marks=pytest.mark.full), pytest.param("desk16", marks=pytest.mark.full)],
    ids=["22", "16"],
)
_KEY = "/etc/confgen/asterisk/fingerprint.key"


@pytest.fixture(scope="module")
def lab() -> Iterator[Instance]:
    with Instance(f"saved-{os.getpid()}", _SPECS) as instance:
        yield instance


@pytest.fixture
def reached(lab: Instance, name: str, tmp_path: Path) -> Iterator[Reached]:
    """A clean host, and an operator who knows it; it is clean again after the test."""
    yield Reached(lab, lab.hosts[name], tmp_path)
    lab.hosts[name].reset()


def listing(host: Host) -> str:
    """Every name, mode, owner, size and time of what Asterisk reads, and of what a push writes."""
    command = "ls -lARn --time-style=full-iso /etc/asterisk /etc/confgen"
    return host.run(["sh", "-c", command], check=True).stdout.decode()


@_ON_22
def test_a_plan_is_saved_before_any_push_is_refused_after_a_hand_edit_and_carried_out_where_nothing_moved(
    reached: Reached,
) -> None:
    without_key = reached.confgen("plan", "--out", "friday.plan")
    configuration = reached.host.run(["sh", "-c", "ls -lAn /etc/asterisk"], check=True).stdout
    prepared = reached.confgen("bootstrap", "--install")
    untouched = reached.host.run(["sh", "-c", "ls -lAn /etc/asterisk"], check=True).stdout
    made = reached.host.run(["sh", "-c", f"stat -c '%a %U:%G' {_KEY} $(dirname {_KEY})"], check=True).stdout
    saved = reached.confgen("plan", "--out", "friday.plan")
    old_file = (reached.folder / "friday.plan").read_text()
    reached.host.run(["sh", "-c", "echo '; mine' >> /etc/asterisk/rtp.conf"], check=True)
    before = listing(reached.host)
    stale = reached.confgen("push", "--adopt", "--plan", "friday.plan")
    after = listing(reached.host)
    saved_anew = reached.confgen("plan", "--out", "friday.plan")
    pushed = reached.confgen("push", "--adopt", "--plan", "friday.plan")
    again = reached.confgen("push", "--plan", "friday.plan")

    assert without_key.code == 1, without_key.told
    assert "PUSH-49" in without_key.out
    assert prepared.code == 0, prepared.told
    assert "made the state folder with a key for fingerprints" in prepared.out
    assert configuration == untouched
    assert made.decode().splitlines() == ["600 root:root", "750 root:asterisk"]
    assert saved.code == 3, saved.told
    assert stale.code == 1, stale.told
    assert "PUSH-53" in stale.out
    assert "rtp.conf" in stale.out
    assert after == before
    assert saved_anew.code == 3, saved_anew.told
    assert pushed.code == 0, pushed.told
    assert again.code == 1, again.told
    assert "PUSH-53" in again.out
    secrets = [(reached.folder / name).read_text().strip() for name in ("101", "probe")]
    key = reached.host.read(_KEY).decode()
    for text in (old_file, (reached.folder / "friday.plan").read_text(), saved.told):
        for secret in (*secrets, key, "PRIVATE KEY"):
            assert secret not in text


@_FULL
def test_a_user_is_created_let_in_and_allowed_and_a_second_time_changes_nothing(reached: Reached) -> None:
    public = subprocess.run(
        ["ssh-keygen", "-y", "-f", reached.lab.client_key], capture_output=True, check=True, text=True
    ).stdout
    (reached.folder / "key.pub").write_text(public)
    reached.pbx["ssh"] |= {"user": "confgen", "sudo": True}
    words = ("bootstrap", "--install", "--key", "key.pub")

    lacking = reached.confgen(*words)
    wrong_door = reached.confgen(*words, "--create-user", "--as", "deploy")
    created = reached.confgen(*words, "--create-user")
    seen = "stat -c '%n %a %U:%G' /home/confgen/.ssh /home/confgen/.ssh/authorized_keys; cat /home/confgen/.ssh/*"
    first = reached.host.run(["sh", "-c", seen], check=True).stdout.decode()
    again = reached.confgen(*words, "--create-user")
    second = reached.host.run(["sh", "-c", seen], check=True).stdout.decode()
    saved = reached.confgen("plan", "--out", "friday.plan")
    pushed = reached.confgen("push", "--adopt", "--plan", "friday.plan")

    assert lacking.code == 1, lacking.told
    assert "there is no user confgen on this host" in lacking.out
    assert wrong_door.code == 1, wrong_door.told
    assert "PUSH-57" in wrong_door.out
    assert created.code == 0, created.told
    assert "created the user confgen, who has no password; let the key in for confgen" in created.out
    assert again.code == 0, again.told
    assert "the key is let in for confgen already; the script is there already" in again.out
    assert first.splitlines()[:2] == [
        "/home/confgen/.ssh 700 confgen:confgen",
        "/home/confgen/.ssh/authorized_keys 600 confgen:confgen",
    ]
    assert first.count("restrict,port-forwarding ssh-ed25519 ") == 1
    assert second == first
    assert saved.code == 3, saved.told
    assert pushed.code == 0, pushed.told


@_FULL
def test_a_link_in_the_users_folder_leads_root_nowhere(reached: Reached) -> None:
    (reached.folder / "key.pub").write_text(
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHKpvB0cWTkrv0Mj4FcqTrSSvTDdTHCqHoxCCoUsgbBH\n"
    )
    reached.by_sudo()
    folder = "rm -rf /home/deploy/.ssh/authorized_keys && ln -s /etc/shadow /home/deploy/.ssh/authorized_keys"
    reached.host.run(["sh", "-c", f"mkdir -p /home/deploy/.ssh && {folder}"], check=True)
    reached.host.run(["chown", "-hR", "deploy:deploy", "/home/deploy/.ssh"], check=True)
    before = reached.host.read("/etc/shadow")

    refused = reached.confgen("bootstrap", "--install", "--key", "key.pub")

    assert refused.code == 1, refused.told
    assert "deploy cannot write" in refused.out
    assert reached.host.read("/etc/shadow") == before


@_FULL
def test_what_was_prepared_outlives_a_first_push_that_was_taken_back(reached: Reached) -> None:
    assert reached.confgen("bootstrap", "--install").code == 0
    key = reached.host.read(_KEY)
    push = "00112233445566aa"

    def done(*words: str, stdin: bytes = b"") -> None:
        reached.host.run([INSTALLED, "--push", push, *words], stdin=stdin, check=True)

    done("lock", push, "maria@laptop", "600")
    done("stage", "pjsip.conf", stdin=pack([("etc/pjsip.conf", "; confgen's\n")]))
    done("discard", "1")
    left = reached.host.run(["sh", "-c", "cd /etc/confgen/asterisk && find . -type f | sort"], check=True).stdout

    assert left.decode().splitlines() == ["./bootstrapped", "./fingerprint.key"]
    assert reached.host.read(_KEY) == key
    done("unlock", push)
    assert reached.confgen("plan", "--out", "friday.plan").code == 3
