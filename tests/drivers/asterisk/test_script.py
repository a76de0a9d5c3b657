"""How the host's script is reached: sent along by root, or installed and run through sudo, as the inventory says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk import script
from confgen.model.driver import PushRefused
from confgen.model.host import Completed, HostError
from confgen.model.inventory import Installation, Pbx
from tests.drivers.asterisk.scripted_host import ScriptedHost, broken
from tests.drivers.asterisk.test_generations import STAGED
from tests.model.pbxs import a_pbx

INSTALLATION = Installation(
    service="pbx.service", binary="/opt/pbx/asterisk", configuration="/opt/pbx/etc", user="exchange"
)
SAID = ["--service", "pbx", "--binary", "/opt/pbx/asterisk", "--configuration", "/opt/pbx/etc", "--user", "exchange"]
THERE = f"{script.digest()}  {script.INSTALLED}\n".encode()


def through_sudo() -> Pbx:
    pbx = a_pbx()
    return replace(pbx, ssh=replace(pbx.ssh, user="deploy", uses_sudo=True))


def refusal(host: ScriptedHost) -> tuple[str, str, str]:
    with pytest.raises(PushRefused) as refused:
        script.look(host, through_sudo(), "observe")
    finding = refused.value.finding
    assert (finding.place, finding.pbx) == (a_pbx().place, "headquarters")
    return finding.code, finding.message, finding.mend


def test_root_needs_nothing_installed_to_look(pbx: Pbx) -> None:
    host = ScriptedHost(answers={})
    script.look(host, pbx, "observe", "pjsip.conf")
    assert host.commands[0].argv == ("sh", "-s")
    assert host.commands[0].stdin == b"set -- observe pjsip.conf\n" + script.text()


def test_through_sudo_every_verb_is_the_installed_scripts_and_nothing_else_is_roots() -> None:
    host = ScriptedHost(answers={})
    pbx = through_sudo()
    script.look(host, pbx, "observe", "pjsip.conf")
    script.act(host, pbx, "stage", "pjsip.conf", stdin=b"archive")
    before = ("sudo", "-n", script.INSTALLED, "--script", script.digest())
    assert [command.argv for command in host.commands] == [
        (*before, "observe", "pjsip.conf"),
        (*before, "stage", "pjsip.conf"),
    ]
    assert [command.stdin for command in host.commands] == [b"", b"archive"]


def test_what_the_inventory_says_of_the_installation_goes_before_the_verb(pbx: Pbx) -> None:
    host = ScriptedHost(answers={})
    named = replace(pbx, installation=INSTALLATION)
    script.act(host, named, "confirm", "3")
    assert list(host.commands[0].argv) == [script.INSTALLED, *SAID, "confirm", "3"]
    assert script.given(pbx) == ()


def test_a_script_that_is_not_there_is_told_whatever_language_sudo_speaks() -> None:
    sudo = broken("sudo: /usr/local/lib/confgen/confgen-asterisk: Befehl nicht gefunden")
    code, message, mend = refusal(ScriptedHost(answers={"observe": sudo, "sha256sum": broken("no such file")}))
    assert (code, "there is no" in message, "confgen bootstrap" in mend) == ("PUSH-30", True, True)


@pytest.mark.parametrize("status", [1, 2], ids=["one that fails", "one that does not know the words"])
def test_a_script_of_another_version_is_told(status: int) -> None:
    answer = Completed(exit_status=status, stdout=b"", stderr=b"confgen-asterisk: unknown verb\n")
    code, message, _ = refusal(ScriptedHost(answers={"observe": answer, "sha256sum": b"0" * 64 + b"  script\n"}))
    assert (code, "another version" in message) == ("PUSH-30", True)


@pytest.mark.parametrize(
    "said", ["sudo: a password is required", "Sorry, user deploy is not allowed", "sh: 1: sudo: not found"]
)
def test_a_sudo_that_says_no_is_told_with_the_line_it_wants(said: str) -> None:
    code, message, mend = refusal(
        ScriptedHost(answers={"observe": broken(said), "sha256sum": THERE, "sudo -n -l": broken("no")})
    )
    assert (code, said in message) == ("PUSH-32", True)
    assert f"deploy ALL=(root) NOPASSWD: {script.INSTALLED}" in mend


@pytest.mark.parametrize("status", [1, 2], ids=["as mktemp fails", "as tar fails"])
def test_a_script_that_fails_by_itself_is_blamed_neither_on_sudo_nor_on_its_version(status: int) -> None:
    said = b"sudo: unable to resolve host desk\nwrite error: No space left on device\n"
    failed = Completed(exit_status=status, stdout=b"", stderr=said)
    host = ScriptedHost(answers={"observe": failed, "sha256sum": THERE})
    with pytest.raises(HostError, match="No space left on device"):
        script.look(host, through_sudo(), "observe")


def test_an_undo_by_hand_is_roots_own_however_somebody_became_root() -> None:
    told = asterisk.by_hand(STAGED)
    assert told.count("env -u SUDO_UID ") == told.count(script.INSTALLED)


def test_an_undo_by_hand_is_of_its_own_push_and_no_other() -> None:
    assert f"{script.INSTALLED} --push {STAGED.lease.push} undo " in asterisk.by_hand(STAGED)
