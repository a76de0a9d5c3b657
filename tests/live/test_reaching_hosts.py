"""A PBX is reached where companies keep it: behind a bastion, as a user through sudo, under /usr/local."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.layout import LOCAL
from lab.root_folder import Root
from tests.live.reached import INSTALLED, LIVE, Reached

_SPECS = (
    HostSpec(name="gate", domain="gate.example.test", runs_asterisk=False),
    HostSpec(name="far", domain="far.example.test", behind="gate"),
    HostSpec(name="desk22", domain="desk22.example.test"),
    HostSpec(name="desk16", domain="desk16.example.test", root=Root.ASTERISK_16),
    HostSpec(name="local22", domain="local22.example.test", layout=LOCAL),
    HostSpec(name="local16", domain="local16.example.test", root=Root.ASTERISK_16, layout=LOCAL),
)
_ON_22 = pytest.mark.parametrize("name", ["desk22", pytest.param("desk16", marks=pytest.mark.full)], ids=["22", "16"])
_ON_16 = pytest.mark.parametrize("name", ["local16", pytest.param("local22", marks=pytest.mark.full)], ids=["16", "22"])


@pytest.fixture(scope="module")
def lab() -> Iterator[Instance]:
    with Instance(f"reached-{os.getpid()}", _SPECS) as instance:
        yield instance


@pytest.fixture
def reached(lab: Instance, name: str, tmp_path: Path) -> Iterator[Reached]:
    """A clean host, and an operator who knows it; it is clean again after the test."""
    yield Reached(lab, lab.hosts[name], tmp_path)
    lab.hosts[name].reset()


def entries(host: Host) -> str:
    """Names, kinds, modes, owners, targets and contents of the configuration folder."""
    folder = host.layout.configuration
    found = (
        f"cd {folder} && find . -printf '%p %y %m %u:%g %l\\n' | sort && find . -type f -exec sha256sum {{}} + | sort"
    )
    return host.run(["sh", "-c", found], check=True).stdout.decode()


def vantages(checks: list[dict[str, str]]) -> set[str]:
    return {check["vantage"] for check in checks if check["level"] in {"tls", "downgrade"}}


@pytest.mark.parametrize("name", ["far"])
def test_a_pbx_that_only_a_bastion_reaches_is_pushed_and_proven(lab: Instance, reached: Reached) -> None:
    reached.through(lab.hosts["gate"])
    reached.pbx["verify"] = {"from": "host"}

    pushed = reached.confgen("push", "--adopt", "--format", "json")
    verified = reached.confgen("verify", "--format", "json")
    reached.pbx["verify"] = {"from": "operator"}
    out_of_reach = reached.confgen("verify", "--format", "json")

    assert pushed.code == 0, pushed.told
    assert verified.code == 0, verified.told
    assert vantages(verified.checks()) == {"host"}
    assert out_of_reach.code == 4, out_of_reach.told
    on_the_wire = [check for check in out_of_reach.checks() if check["level"] in {"tls", "downgrade"}]
    assert on_the_wire
    assert {(check["vantage"], check["verdict"]) for check in on_the_wire} == {("operator", "unknown")}


@pytest.mark.full
@_ON_22
def test_a_port_that_a_firewall_keeps_from_the_operator_is_proven_from_the_host(
    lab: Instance, reached: Reached
) -> None:
    reached.through_as_configured(lab.hosts["gate"])

    with lab.filtered(reached.host, [5061]):
        undone = reached.confgen("push", "--adopt", "--format", "json")
        reached.pbx["verify"] = {"from": "host"}
        pushed = reached.confgen("push", "--adopt", "--format", "json")
        reached.pbx["verify"] = {"from": "operator"}
        silent = reached.confgen("verify", "--format", "json")

    assert undone.code == 5, undone.told
    assert pushed.code == 0, pushed.told
    assert vantages(pushed.checks()) == {"host"}
    assert silent.code == 4, silent.told
    outside = [check for check in silent.checks() if check["subject"].startswith(f"{reached.host.address}:5061")]
    assert outside
    assert {check["verdict"] for check in outside} == {"unknown"}


@_ON_16
def test_an_asterisk_under_usr_local_is_found_pushed_proven_and_given_back(reached: Reached) -> None:
    before = entries(reached.host)

    planned = reached.confgen("plan")
    pushed = reached.confgen("push", "--adopt")
    verified = reached.confgen("verify")
    back = reached.confgen("rollback", "--to", "0")

    assert planned.code == 3, planned.told
    assert "service       pbx" in planned.out
    assert "binary        /usr/local/sbin/asterisk" in planned.out
    assert "configuration /usr/local/etc/asterisk" in planned.out
    assert "user          pbx" in planned.out
    assert pushed.code == 0, pushed.told
    assert "PUSH-48" not in pushed.told  # it was tried apart
    assert verified.code == 0, verified.told
    assert back.code == 0, back.told
    assert entries(reached.host) == before
    assert "fully booted" in reached.host.asterisk("core waitfullybooted")


@pytest.mark.full
@_ON_16
def test_what_the_inventory_says_of_the_installation_must_be_so(reached: Reached) -> None:
    for wrong in (
        {"service": "asterisk"},
        {"service": "ssh"},
        {"binary": "/usr/sbin/asterisk", "service": "pbx"},
        {"configuration": "/etc/asterisk"},
        {"user": "deploy"},
        {"user": "nobody-knows"},
    ):
        reached.pbx["installation"] = wrong
        planned = reached.confgen("plan")
        assert planned.code == 1, planned.told
        assert "PUSH-34" in planned.out, (wrong, planned.told)
    reached.pbx["installation"] = {
        "service": "pbx",
        "binary": "/usr/local/sbin/asterisk",
        "configuration": "/usr/local/etc/asterisk",
        "user": "pbx",
    }

    assert reached.confgen("push", "--adopt").code == 0


@pytest.mark.full
@pytest.mark.parametrize("name", ["local22"])
def test_an_asterisk_that_does_not_run_is_said_by_name_and_an_undo_finds_it_all_the_same(reached: Reached) -> None:
    assert reached.confgen("push", "--adopt").code == 0
    reached.host.run(["systemctl", "stop", "pbx"], check=True)

    planned = reached.confgen("plan")
    reached.host.run([INSTALLED, "lock", PUSH, "maria@laptop", "60"], check=True)
    reached.host.run([INSTALLED, "--push", PUSH, "activate", "restart"], check=True)
    reached.host.run([INSTALLED, "unlock", PUSH], check=True)

    assert planned.code == 1, planned.told
    assert "PUSH-11" in planned.out
    assert "the service pbx does not run" in planned.out
    assert reached.confgen("verify").code == 0


@pytest.mark.parametrize("name", ["desk22"])
def test_of_two_services_that_run_an_asterisk_none_is_guessed(reached: Reached) -> None:
    start = "systemd-run --unit=second --property=Type=exec /usr/local/bin/asterisk 600"
    reached.host.run(["sh", "-c", f"cp /usr/bin/sleep /usr/local/bin/asterisk && {start}"], check=True)

    planned = reached.confgen("plan")
    reached.pbx["installation"] = {"service": "asterisk"}
    named = reached.confgen("plan")

    assert planned.code == 1, planned.told
    assert "PUSH-35" in planned.out
    assert named.code == 3, named.told


@_ON_22
def test_a_user_through_sudo_pushes_proves_and_goes_back(reached: Reached) -> None:
    before = entries(reached.host)
    reached.by_sudo()

    lacking = reached.confgen("plan")
    reached.bootstrap()
    pushed = reached.confgen("push", "--adopt")
    reached.pbx["extensions"]["102"] = {"secret": {"file": "101"}}
    again = reached.confgen("push")
    verified = reached.confgen("verify")
    back = reached.confgen("rollback")
    given_back = reached.confgen("rollback", "--to", "0")

    assert lacking.code == 1, lacking.told
    assert "PUSH-30" in lacking.out
    for done in (pushed, again, verified, back, given_back):
        assert done.code == 0, done.told
        assert "PUSH-48" not in done.told  # each generation was tried apart
    assert entries(reached.host) == before


@pytest.mark.full
@pytest.mark.parametrize("name", ["local22"])
def test_sudo_that_says_no_and_a_script_of_another_version_are_told_apart(reached: Reached) -> None:
    reached.by_sudo()
    reached.bootstrap()
    rule = "/etc/sudoers.d/confgen-asterisk"

    reached.host.run(["mv", rule, "/root/rule"], check=True)
    without_rule = reached.confgen("plan")
    reached.host.run(["mv", "/root/rule", rule], check=True)
    reached.host.run(["sh", "-c", f"echo '# older' >> {INSTALLED}"], check=True)
    older = reached.confgen("push", "--adopt")
    reached.bootstrap()
    renewed = reached.confgen("push", "--adopt")

    assert without_rule.code == 1, without_rule.told
    assert "PUSH-32" in without_rule.out
    assert f"deploy ALL=(root) NOPASSWD: {INSTALLED}" in without_rule.out
    assert older.code == 1, older.told
    assert "PUSH-30" in older.out
    assert renewed.code == 0, renewed.told


@pytest.mark.parametrize("name", ["desk22"])
def test_a_user_that_is_not_root_and_has_no_sudo_is_told_what_to_write(reached: Reached) -> None:
    reached.pbx["ssh"]["user"] = "deploy"

    planned = reached.confgen("plan")

    assert planned.code == 1, planned.told
    assert "PUSH-38" in planned.out


def archive(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as opened:
        for entry, content in members:
            entry.size = len(content)
            opened.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def plain(path: str, content: bytes = b"; mine\n") -> tuple[tarfile.TarInfo, bytes]:
    return tarfile.TarInfo(path), content


def link(path: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tuple[tarfile.TarInfo, bytes]:
    entry = tarfile.TarInfo(path)
    entry.type, entry.linkname = kind, target
    return entry, b""


PUSH = "00112233445566aa"
HOSTILE_WORDS: tuple[tuple[str, ...], ...] = (
    ("agree", "/etc/shadow"),
    ("prepare",),
    ("on_host", "key", "/etc/shadow"),
    ("on_host", "chain", "/etc/ssh/ssh_host_ed25519_key"),
    ("--service", "ssh", "observe"),
    ("--configuration", "/etc/systemd/system", "observe"),
    ("--configuration", "/usr/lib/tmpfiles.d", "stage", "pjsip.conf"),
    ("--user", "root", "observe"),
    ("stage", "asterisk.conf"),
    ("stage", "../cron.d/mine.conf"),
    ("stage", "mine"),
    ("read", "../shadow"),
    ("generation", "../../etc"),
    ("undo", "1", "../0"),
    ("lock", "../../../x", "maria", "60"),
    ("lock", PUSH, "$(id)", "60"),
    ("lock", PUSH, "maria", "9999999999"),
    ("--push", "../../../x", "stage", "pjsip.conf"),
    ("expire", PUSH),
    ("boot",),
    ("checked", PUSH),
    ("preflight", "../../etc"),
    ("apart", "1", "0", "0", "0", "/bin/sh", "/etc/asterisk", "/usr/lib", "/usr/share"),
)
HOSTILE_ARCHIVES = {
    "a path that leads out": archive(plain("etc/../../../../../cron.d/mine.conf")),
    "an absolute path": archive(plain("/etc/cron.d/mine")),
    "a folder that is a link": archive(link("etc", "/etc/cron.d"), plain("etc/pjsip.conf")),
    "a name that is not among the managed ones": archive(plain("etc/extconfig.conf")),
    "asterisk.conf": archive(plain("etc/asterisk.conf", b"[options]\nrunuser = root\n")),
    "a name twice": archive(plain("etc/pjsip.conf"), plain("etc/pjsip.conf")),
    "a key whose name is no digest": archive(plain("keys/shadow.key")),
    "no archive at all": b"mine",
}
QUIET_ARCHIVES = {
    "a link to a secret of root's": archive(link("etc/pjsip.conf", "/etc/shadow")),
    "a hard link to a secret of root's": archive(link("etc/pjsip.conf", "/etc/shadow", tarfile.LNKTYPE)),
    "a key that is a link": archive(link(f"keys/{'0' * 32}.key", "/etc/shadow")),
    "a device": archive(link("etc/pjsip.conf", "", tarfile.CHRTYPE)),
}


@pytest.mark.full
@_ON_22
def test_a_doctor_tells_what_a_deputy_lacks_until_the_bootstrap(reached: Reached) -> None:
    reached.by_sudo()
    before = reached.confgen("doctor", "--format", "json")
    reached.bootstrap()
    after = reached.confgen("doctor", "--format", "json")

    assert before.code == 1, before.told
    wrong = {one["subject"]: one for one in before.answer["pbxs"][0]["found"] if one["is_ok"] is False}
    assert {"rights", "confgen's script"} <= wrong.keys()
    assert all("bootstrap" in wrong[subject]["advice"] for subject in ("rights", "confgen's script"))
    found = {one["subject"]: one for one in after.answer["pbxs"][0]["found"]}
    assert found["rights"]["found"] == "deploy may run confgen's script through sudo, and so every verb of it"
    assert [one for one in after.answer["pbxs"][0]["found"] if one["is_ok"] is False] == [], after.told


@_ON_22
def test_a_deputy_does_not_become_root(reached: Reached) -> None:
    reached.by_sudo()
    reached.bootstrap()
    sudo = ("sudo", "-n")
    protected = (
        "find /etc/shadow /etc/passwd /etc/sudoers /etc/sudoers.d /etc/cron.d /etc/systemd /usr/local/lib "
        "/etc/confgen/asterisk.agreed -printf '%p %y %m %u:%g %s %C@ %l\\n' | sort"
    )
    before = reached.host.run(["sh", "-c", protected], check=True).stdout
    shadow = reached.host.read("/etc/shadow").decode().splitlines()[0]

    for other in ("sh", "cat /etc/shadow", "-u asterisk sh", f"-e {INSTALLED}"):
        code, _ = reached.deploy(*sudo, *other.split())
        assert code != 0, other
    for words in HOSTILE_WORDS:
        for path in (INSTALLED, INSTALLED.replace("/confgen-", "/./confgen-")):
            code, told = reached.deploy(*sudo, path, *words)
            assert code != 0 or "wrong" in told, (words, told)
            assert shadow not in told
            assert "PRIVATE KEY" not in told
    assert reached.deploy(*sudo, INSTALLED, "lock", PUSH, "maria", "600")[0] == 0
    for what, content in HOSTILE_ARCHIVES.items():
        code, told = reached.deploy(*sudo, INSTALLED, "--push", PUSH, "stage", "pjsip.conf", stdin=content)
        assert code == 3, (what, told)
        assert "PUSH-37" in told, (what, told)
    for what, content in QUIET_ARCHIVES.items():
        code, told = reached.deploy(*sudo, INSTALLED, "--push", PUSH, "stage", "pjsip.conf", stdin=content)
        kept = reached.host.run(["sh", "-c", "cat /etc/confgen/asterisk/generations/[1-9]*/etc/* 2>&1"]).stdout.decode()
        assert shadow not in told + kept, what
    odd = "find /etc/confgen ! -type f ! -type d ! -name current; find /etc/confgen -type f -links +1"
    assert reached.host.run(["sh", "-c", odd]).stdout == b""
    for setting in ("SUDO_UID=0", f"ENV={INSTALLED}", "PATH=/tmp", "BASH_ENV=/tmp/x", "IFS=/"):
        code, told = reached.deploy("env", setting, "/usr/bin/sudo", "-n", INSTALLED, "agree")
        assert code == 3, (setting, told)
    assert reached.host.run(["sh", "-c", protected], check=True).stdout == before


@pytest.mark.parametrize("name", ["desk22"])
def test_an_asterisk_that_runs_as_root_has_no_deputy(reached: Reached) -> None:
    reached.by_sudo()
    unit = "[Service]\nExecStart=\nExecStart=/usr/sbin/asterisk -g -f -p -U root -G root\n"
    reached.bootstrap()
    reached.host.write("/etc/systemd/system/asterisk.service.d/root.conf", unit.encode())
    reached.host.run(["sh", "-c", "systemctl daemon-reload && systemctl restart asterisk"], check=True)

    planned = reached.confgen("plan")
    asked = [reached.deploy("sudo", "-n", INSTALLED, verb, "1") for verb in ("generation", "discard", "state")]
    printed = reached.confgen("bootstrap")
    ran = reached.host.run(["sh", "-s"], stdin=printed.out.encode())

    assert planned.code == 1, planned.told
    assert "PUSH-33" in planned.out
    for code, told in asked:
        assert code == 3
        assert "PUSH-33" in told
    assert ran.returncode == 3
    assert b"PUSH-33" in ran.stdout


@pytest.mark.parametrize(
    ("name", "way"),
    [
        pytest.param("desk22", "root", marks=pytest.mark.full),
        ("desk16", "sudo"),
        pytest.param("desk22", "sudo", marks=pytest.mark.full),
        pytest.param("desk16", "root", marks=pytest.mark.full),
    ],
    ids=["22-root", "16-sudo", "22-sudo", "16-root"],
)
def test_a_certificate_that_lies_on_the_host_is_copied_there_and_a_renewal_is_a_push(
    reached: Reached, way: str
) -> None:
    reached.with_certbot()
    if way == "sudo":
        reached.by_sudo()
        reached.bootstrap()
    pushed = reached.confgen("push", "--adopt")
    unchanged = reached.confgen("plan")
    first = reached.confgen("verify", "--format", "json")
    reached.renew(2)
    outdated = reached.confgen("verify", "--format", "json")
    planned = reached.confgen("plan", "--diff")
    renewed = reached.confgen("push")
    second = reached.confgen("verify", "--format", "json")
    back = reached.confgen("rollback")

    assert pushed.code == 0, pushed.told
    assert unchanged.code == 0, unchanged.told
    assert first.code == 0, first.told
    assert "CERT-11" in outdated.failed_codes()
    assert planned.code == 3, planned.told
    assert f"{LIVE}/desk/privkey.pem on the host" in planned.out
    assert renewed.code == 0, renewed.told
    assert second.code == 0, second.told
    assert back.code == 0, back.told
    key = reached.host.read(f"{LIVE}/desk/privkey.pem").decode().splitlines()[1]
    assert key not in planned.told + renewed.told
    answer = reached.host.run([INSTALLED, "generation", "2"], check=True).stdout
    assert b"PRIVATE KEY" not in answer


@_ON_22
def test_a_file_on_the_host_that_is_not_roots_alone_is_not_copied(reached: Reached) -> None:
    reached.with_certbot()
    live = f"{LIVE}/desk"
    for harm, code in (
        ("chmod 0777 /etc/letsencrypt/archive/desk", "CERT-14"),
        (
            "chmod 0755 /etc/letsencrypt/archive/desk && chown deploy /etc/letsencrypt/archive/desk/privkey1.pem",
            "CERT-14",
        ),
        ("chown root /etc/letsencrypt/archive/desk/privkey1.pem && chmod 1777 /etc/letsencrypt/live", "CERT-14"),
        (f"chmod 0700 /etc/letsencrypt/live && ln -sfn /tmp/fullchain.pem {live}/fullchain.pem", "CERT-13"),
        (f"cp /etc/letsencrypt/archive/desk/fullchain1.pem /tmp/fullchain.pem; ls {live}", "CERT-14"),
        (f"cat {live}/privkey.pem > {live}/both.pem && ln -sfn both.pem {live}/fullchain.pem", "CERT-14"),
        (f"ln -sfn ../../archive/desk/fullchain1.pem {live}/fullchain.pem; echo none > {live}/privkey.pem", "CERT-13"),
        (f"rm {live}/privkey.pem && openssl genrsa -out {live}/privkey.pem 2048", "CERT-04"),
    ):
        reached.host.run(["sh", "-c", harm], check=True)
        planned = reached.confgen("plan", "--diff")
        assert planned.code == 1, (harm, planned.told)
        assert code in planned.out, (harm, planned.told)
        assert "inventory.yaml:" in planned.out
        assert "PRIVATE KEY" not in planned.told
    assert reached.host.run(["test", "-e", "/etc/confgen"]).returncode == 1


@pytest.mark.full
@pytest.mark.parametrize("name", ["desk22"])
def test_a_deputy_copies_no_file_of_the_host_that_root_did_not_agree_to(reached: Reached) -> None:
    reached.by_sudo()
    reached.bootstrap()
    reached.with_certbot()

    refused = reached.confgen("push", "--adopt")
    reached.bootstrap()
    pushed = reached.confgen("push", "--adopt")

    assert refused.code == 1, refused.told
    assert "PUSH-36" in refused.out
    assert pushed.code == 0, pushed.told


@_ON_22
def test_a_host_whose_configuration_another_program_writes_is_refused(reached: Reached) -> None:
    header = b"; Do NOT edit this file as it is auto-generated by IssabelPBX.\n"
    sample = reached.host.read("/etc/asterisk/extensions.conf")
    reached.host.write("/etc/asterisk/extensions.conf", header + sample)
    by_header = reached.confgen("plan")
    reached.host.write("/etc/asterisk/extensions.conf", sample)
    reached.host.write("/etc/freepbx.conf", b"<?php\n", mode=0o644)
    planned = reached.confgen("plan")
    pushed = reached.confgen("push", "--adopt")
    verified = reached.confgen("verify", "--format", "json")

    assert by_header.code == 1, by_header.told
    assert "PUSH-31" in by_header.out
    assert "IssabelPBX" in by_header.out
    for refused in (planned, pushed):
        assert refused.code == 1, refused.told
        assert "PUSH-31" in refused.out
        assert "FreePBX" in refused.out
    assert "PUSH-31" not in verified.told
    assert verified.checks()
    assert reached.host.run(["test", "-e", "/etc/confgen"]).returncode == 1


@pytest.mark.full
@pytest.mark.parametrize("name", ["desk22"])
def test_a_certificate_that_is_not_managed_is_used_where_it_lies_and_proven(reached: Reached) -> None:
    issued = reached.authority.issue(names=[reached.host.domain], days=90)
    folder = "/etc/asterisk/own"
    for file, content in (("chain", issued.certificate), ("key", issued.key), ("authority", reached.authority.pem)):
        reached.host.write(f"{folder}/{file}.pem", content, owner="asterisk", mode=0o640)
        reached.pbx["certificate"][file] = {"on_host": f"{folder}/{file}.pem"}
    reached.host.run(["chown", "-R", "asterisk:asterisk", folder], check=True)
    reached.pbx["manage"] = ["sip", "media", "dialplan", "modules", "management"]

    pushed = reached.confgen("push", "--adopt", "--format", "json")
    verified = reached.confgen("verify", "--format", "json")

    assert pushed.code == 0, pushed.told
    assert verified.code == 0, verified.told
    told = {check["code"] for check in verified.checks() if check["verdict"] == "passed"}
    assert {"CERT-10", "CERT-11"} <= told
    assert reached.host.run(["sh", "-c", "ls /etc/confgen/asterisk/keys"], check=True).stdout == b""


@pytest.mark.parametrize("name", ["desk22"])
def test_a_deputy_does_not_follow_asterisk_to_another_folder(reached: Reached) -> None:
    reached.by_sudo()
    reached.bootstrap()
    options = reached.host.read("/etc/asterisk/asterisk.conf").decode().replace("[directories](!)", "[directories]")
    elsewhere = "".join(
        "astetcdir => /etc/elsewhere\n" if line.startswith("astetcdir") else line
        for line in options.splitlines(keepends=True)
    )
    reached.host.run(["cp", "-a", "/etc/asterisk", "/etc/elsewhere"], check=True)
    reached.host.write("/etc/asterisk/asterisk.conf", elsewhere.encode())
    reached.host.run(["systemctl", "restart", "asterisk"], check=True)

    pushed = reached.confgen("push", "--adopt")

    assert pushed.code == 1, pushed.told
    assert "PUSH-36" in pushed.out
