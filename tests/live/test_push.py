"""A push on real hosts: what cannot be proven is undone, what need not change is not touched."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lab.clients.baresip import baresip
from lab.clients.sipp import Scenario, run_sipp
from lab.host import Host
from tests.live.company import Company

_BOTH = pytest.mark.parametrize(("name", "number"), [("hq", "101"), ("old", "301")], ids=["22", "16"])
_ON_22 = pytest.mark.parametrize(
    ("name", "number"), [("hq", "101"), pytest.param("old", "301", marks=pytest.mark.full)], ids=["22", "16"]
)
_ON_16 = pytest.mark.parametrize(
    ("name", "number"), [pytest.param("hq", "101", marks=pytest.mark.full), ("old", "301")], ids=["22", "16"]
)
_LISTING = "ls -lARn --time-style=full-iso /etc/asterisk /etc/confgen 2>&1; readlink /etc/confgen/asterisk/current"


def listing(host: Host) -> str:
    """Every name, mode, owner, size and time below the folders that a push writes to."""
    return host.run(["sh", "-c", _LISTING]).stdout.decode()


def started(host: Host) -> str:
    return host.run(["systemctl", "show", "-p", "ExecMainStartTimestampMonotonic", "asterisk"]).stdout.decode()


def last_reload(host: Host) -> str:
    return next(line for line in host.asterisk("core show settings").splitlines() if "Last reload" in line)


@contextmanager
def port_taken(host: Host, port: int) -> Iterator[None]:
    """Another program listens there, as nobody would notice before Asterisk tries to."""
    unit = f"taken-{port}"
    host.run(
        ["systemd-run", f"--unit={unit}", "/usr/sbin/sshd", "-D", "-p", str(port), "-o", "PidFile=none"], check=True
    )
    try:
        yield
    finally:
        host.run(["systemctl", "stop", unit])


def test_an_unchanged_pbx_gets_nothing_written_and_no_reload(company: Company) -> None:
    hosts = [company.lab.hosts[name] for name in ("hq", "branch", "old")]
    before = [(listing(host), started(host), last_reload(host)) for host in hosts]

    pushed = company.confgen("push")

    assert pushed.code == 0, pushed.told
    assert "3 unchanged" in pushed.out
    assert "proven" not in pushed.out
    assert [(listing(host), started(host), last_reload(host)) for host in hosts] == before


def test_a_host_that_was_harmed_and_restored_is_as_its_push_left_it(company: Company) -> None:
    for name in ("hq", "old"):
        company.harm(name)
    company.restore()  # whatever other tests did to them
    hosts = [company.harm(name) for name in ("hq", "old")]
    before = [listing(host) for host in hosts]
    hosts[0].run(["sh", "-c", "rm -rf /etc/asterisk /etc/confgen"], check=True)
    hosts[1].reset()

    company.restore()
    company.wait_for()

    assert [listing(host) for host in hosts] == before
    planned, verified = company.confgen("plan"), company.verify("hq", "branch", "old")
    assert "3 unchanged" in planned.out, planned.told
    assert verified.code == 0, verified.told
    assert {check["verdict"] for check in verified.checks()} == {"passed"}


@_ON_22
def test_one_more_extension_is_a_reload_and_the_others_are_not_touched(
    company: Company, name: str, number: str
) -> None:
    host = company.harm(name)
    others = [company.lab.hosts[other] for other in ("hq", "branch", "old") if other != name]
    before, start = [listing(other) for other in others], started(host)
    new = f"{number[0]}09"
    (company.folder / "secrets" / new).write_text("a-secret-of-its-own\n")
    company.change_inventory(f'"{number[0]}02": {{', f'"{new}": {{}}\n      "{number[0]}02": {{')

    planned = company.confgen("plan", "--format", "json")
    pushed = company.confgen("push", "--format", "json")

    assert planned.code == 3, planned.told
    plans = {pbx["name"]: pbx["plan"] for pbx in planned.answer["pbxs"]}
    assert plans[name]["impact"] == "reload"
    assert pushed.code == 0, pushed.told
    outcomes = {pbx["name"]: pbx["outcome"] for pbx in pushed.answer["pbxs"]}
    assert outcomes.pop(name) == "proven"
    assert set(outcomes.values()) == {"unchanged"}
    assert [listing(other) for other in others] == before
    assert started(host) == start
    assert new in host.asterisk("pjsip list endpoints")


@pytest.mark.full
@_ON_16
def test_a_generation_that_goes_wrong_after_the_switch_is_undone(
    company: Company, tmp_path: Path, name: str, number: str
) -> None:
    host = company.harm(name)
    company.change_inventory(f"domain: {name}.example.test", f"domain: {name}.example.test, port: 5070")

    with port_taken(host, 5070):
        pushed = company.confgen("push", "--limit", name, "--format", "json")
    company.inventory.write_text(company.inventory_text)
    verified = company.verify(name)
    with baresip(company.lab, company.phone(number), tmp_path / "phone") as phone:
        assert phone.register().is_registered
        call = phone.call("600", seconds=1)

    assert pushed.code == 5, pushed.told
    assert pushed.answer["pbxs"][0]["outcome"] == "undone"
    assert {"STATE-07"} <= pushed.failed_codes()
    assert verified.code == 0, verified.told
    assert call.is_established
    assert call.is_srtp
    assert host.run(["readlink", "/etc/confgen/asterisk/current"]).stdout.decode().strip() == "generations/1"


@_ON_16
def test_a_first_push_that_goes_wrong_leaves_the_host_as_it_was(company: Company, name: str, number: str) -> None:
    host = company.harm(name)
    host.reset()
    before = host.run(["sh", "-c", "ls -lAn /etc/asterisk; sha256sum /etc/asterisk/*.conf"]).stdout.decode()
    company.change_inventory(f"domain: {name}.example.test", f"domain: {name}.example.test, port: 5070")

    with port_taken(host, 5070):
        pushed = company.confgen("push", "--adopt", "--limit", name)

    assert number
    assert pushed.code == 5, pushed.told
    after = host.run(["sh", "-c", "ls -lAn /etc/asterisk; sha256sum /etc/asterisk/*.conf"]).stdout.decode()
    assert without_times(after) == without_times(before)
    assert host.run(["test", "-e", "/etc/confgen"]).returncode == 1


def without_times(text: str) -> list[list[str]]:
    """A listing without the times of changes, and without the total of blocks."""
    rows = [line.split() for line in text.splitlines() if not line.startswith("total")]
    return [[*row[:5], row[-1]] if row[0][0] in "-dl" else row for row in rows]


def test_a_key_that_does_not_fit_is_found_before_anything_is_written(company: Company) -> None:
    host = company.lab.hosts["hq"]
    before = listing(host)
    company.change_inventory('key: {file: "pki/{pbx}.key"}', "key: {file: pki/other.key}")

    pushed = company.confgen("push", "--limit", "hq", "--format", "json")

    assert pushed.code == 1, pushed.told
    assert "CERT-04" in {finding["code"] for finding in pushed.answer["pbxs"][0]["findings"]}
    assert listing(host) == before


def test_files_that_confgen_did_not_write_are_refused_and_left_alone(company: Company) -> None:
    host = company.harm("branch")
    host.reset()
    before = listing(host)

    pushed = company.confgen("push", "--limit", "branch")

    assert pushed.code == 1, pushed.told
    assert "PUSH-13" in pushed.out
    assert listing(host) == before


def test_a_change_by_hand_is_not_written_over_without_a_word(company: Company) -> None:
    host = company.harm("branch")
    host.run(["sh", "-c", "echo '; mine' >> /etc/asterisk/rtp.conf"], check=True)

    refused = company.confgen("push", "--limit", "branch")
    pushed = company.confgen("push", "--limit", "branch", "--overwrite-drift")

    assert refused.code == 1, refused.told
    assert "PUSH-14" in refused.out
    assert pushed.code == 0, pushed.told
    assert b"; mine" not in host.read("/etc/asterisk/rtp.conf")


@pytest.mark.full
@_ON_22
def test_a_busy_pbx_whose_log_fills_with_a_phones_errors_is_not_undone(
    company: Company, tmp_path: Path, name: str, number: str
) -> None:
    host = company.harm(name)
    (company.folder / "secrets" / f"{number[0]}09").write_text("a-secret-of-its-own\n")
    company.change_inventory(f'"{number[0]}02": {{', f'"{number[0]}09": {{}}\n      "{number[0]}02": {{')
    stop = threading.Event()

    def pester() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            run_sipp(company.lab, Scenario.PLAIN_RTP_IS_REFUSED, company.phone(number), "600", tmp_path / f"{turn}")

    phone = threading.Thread(target=pester)
    phone.start()
    try:
        pushed = company.confgen("push", "--limit", name)
    finally:
        stop.set()
        phone.join()

    assert pushed.code == 0, pushed.told
    assert b"Couldn't negotiate stream" in host.read("/var/log/asterisk/messages.log")


@_ON_22
def test_a_rollback_goes_back_to_a_kept_generation_and_proves_it(company: Company, name: str, number: str) -> None:
    host = company.harm(name)
    company.change_inventory(f"domain: {name}.example.test", f"domain: {name}.example.test, port: 5070")
    assert company.confgen("push", "--limit", name).code == 0

    back = company.confgen("rollback", "--limit", name, "--format", "json")

    assert back.code == 0, back.told
    assert back.answer["pbxs"][0]["outcome"] == "proven"
    company.inventory.write_text(company.inventory_text)
    verified = company.verify(name)
    assert verified.code == 0, verified.told
    assert number in host.asterisk("pjsip list endpoints")
    assert b":5070 " not in host.run(["ss", "-Hlnt"], check=True).stdout


@_ON_16
def test_a_rollback_to_generation_0_gives_the_host_back_as_it_was(company: Company, name: str, number: str) -> None:
    host = company.harm(name)
    host.reset()
    command = ["sh", "-c", "ls -lAn /etc/asterisk; sha256sum /etc/asterisk/*.conf"]
    before = host.run(command).stdout.decode()
    assert company.confgen("push", "--adopt", "--limit", name).code == 0

    back = company.confgen("rollback", "--to", "0", "--limit", name, "--format", "json")

    assert number
    assert back.code == 0, back.told
    assert back.answer["pbxs"][0]["outcome"] == "restored"
    assert without_times(host.run(command).stdout.decode()) == without_times(before)
    assert "fully booted" in host.asterisk("core waitfullybooted")


def test_a_host_whose_key_is_not_known_is_not_talked_to(company: Company, tmp_path: Path) -> None:
    empty = tmp_path / "known_hosts"
    empty.write_text("")
    company.change_inventory(str(company.lab.known_hosts), str(empty))

    pushed = company.confgen("push", "--limit", "hq")

    assert pushed.code == 4, pushed.told
    assert company.lab.hosts["hq"].fingerprint in pushed.out + pushed.err


@pytest.mark.full
@_ON_22
def test_a_file_that_appears_after_the_first_push_is_kept_before_it_is_taken_over(
    company: Company, name: str, number: str
) -> None:
    host = company.harm(name)
    host.reset()
    host.run(["rm", "-f", "/etc/asterisk/users.conf"], check=True)
    assert company.confgen("push", "--adopt", "--limit", name).code == 0
    host.write("/etc/asterisk/users.conf", b"; precious\n", owner="asterisk:asterisk", mode=0o640)

    refused = company.confgen("push", "--limit", name)
    adopted = company.confgen("push", "--adopt", "--limit", name)
    absent = host.run(["test", "-e", "/etc/asterisk/users.conf"]).returncode == 1
    host.write("/etc/asterisk/users.conf", b"; precious too\n", owner="asterisk:asterisk", mode=0o640)
    again = company.confgen("push", "--adopt", "--limit", name)
    host.run(["rm", "/etc/asterisk/users.conf"], check=True)
    back = company.confgen("rollback", "--to", "0", "--limit", name)

    assert number
    assert refused.code == 1, refused.told
    assert adopted.code == 0, adopted.told
    assert absent
    assert again.code == 1, again.told
    assert "PUSH-18" in again.out
    assert back.code == 0, back.told
    assert host.read("/etc/asterisk/users.conf") == b"; precious\n"


@_ON_16
def test_a_link_that_asterisks_user_planted_leads_root_nowhere(company: Company, name: str, number: str) -> None:
    host = company.harm(name)
    host.reset()
    target = "/var/spool/asterisk/x\nfile 666 root root ../../../../../../lib/systemd/system/asterisk.service"
    host.run(["ln", "-sfn", target, "/etc/asterisk/users.conf"], check=True)

    pushed = company.confgen("push", "--adopt", "--limit", name)

    assert number
    assert pushed.code == 1, pushed.told
    assert "PUSH-05" in pushed.out
    assert host.run(["test", "-e", "/etc/confgen/asterisk/current"]).returncode == 1


@pytest.mark.full
def test_a_console_that_points_root_to_another_folder_is_not_believed(company: Company) -> None:
    host = company.harm("branch")
    options = host.read("/etc/asterisk/asterisk.conf").decode().replace("[directories](!)", "[directories]")
    elsewhere = "".join(
        "astetcdir => /etc/elsewhere\n" if line.startswith("astetcdir") else line
        for line in options.splitlines(keepends=True)
    )
    host.write("/etc/asterisk/asterisk.conf", elsewhere.encode())
    copy = "mkdir /etc/elsewhere && cp -r /etc/asterisk/. /etc/elsewhere/ && rm /etc/elsewhere/asterisk.conf"
    host.run(["sh", "-c", f"{copy} && systemctl restart asterisk"], check=True)

    pushed = company.confgen("push", "--limit", "branch", "--adopt")

    assert pushed.code == 1, pushed.told
    assert "PUSH-19" in pushed.out
