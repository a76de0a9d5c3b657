"""What root runs on a host once: it installs the script, makes the host's key, and gives one right to one user."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk import script
from confgen.model.bootstrap import Bootstrap, NotAPublicKey, PublicKey
from confgen.model.driver import PushRefused
from confgen.model.host import Command, Completed
from confgen.model.inventory import Installation, Pbx
from tests.drivers.asterisk.scripted_host import ScriptedHost, broken, refused
from tests.drivers.asterisk.test_on_host import CHAIN, KEY, with_certbot
from tests.drivers.asterisk.test_script import through_sudo
from tests.model.pbxs import a_pbx

ENCODED = "AAAAC3NzaC1lZDI1NTE5AAAAIHKpvB0cWTkrv0Mj4FcqTrSSvTDdTHCqHoxCCoUsgbBH"
OPERATORS = PublicKey(kind="ssh-ed25519", encoded=ENCODED, comment="maria@laptop")
ALL = Bootstrap(creates_user=True, public_key=OPERATORS)
NOTHING_MORE = Bootstrap()


@pytest.mark.parametrize("shell", ["sh", "bash"])
@pytest.mark.parametrize("wanted", [NOTHING_MORE, ALL], ids=["", "all"])
@pytest.mark.parametrize("pbx", [a_pbx(), through_sudo()], ids=["root", "sudo"])
def test_it_is_a_shell_script_that_holds_the_whole_script_of_this_version(
    shell: str, wanted: Bootstrap, pbx: Pbx
) -> None:
    text = asterisk.bootstrap(pbx, wanted)
    read = subprocess.run([shell, "-n"], input=text.encode(), capture_output=True, check=False)
    assert (read.returncode, read.stderr) == (0, b"")
    assert script.text().decode() in text


def test_it_gives_one_user_one_script_and_has_visudo_look_at_that() -> None:
    text = asterisk.bootstrap(through_sudo(), ALL)
    rules = [line for line in text.splitlines() if " ALL=" in line]
    assert rules == [f"deploy ALL=(root) NOPASSWD: {script.INSTALLED}"]
    assert f"Defaults!{script.INSTALLED} env_reset, !setenv, !requiretty\n" in text
    assert text.index("visudo -c") < text.index("mv -T /etc/sudoers.d/")


def test_where_confgen_is_root_nobody_gets_a_right_and_nothing_is_agreed_to() -> None:
    text = asterisk.bootstrap(a_pbx(), NOTHING_MORE)
    outside = text.replace(script.text().decode(), "")
    for word in ("sudoers", "visudo", "useradd", "authorized_keys", "agree"):
        assert word not in outside, word
    assert f"{script.INSTALLED} prepare </dev/null" in outside


def test_root_agrees_to_what_the_inventory_names_and_to_nothing_else() -> None:
    pbx: Pbx = replace(
        with_certbot(), ssh=through_sudo().ssh, installation=Installation(service="pbx", configuration="/opt/it's/etc")
    )
    text = asterisk.bootstrap(pbx, NOTHING_MORE)
    quoted = "'/opt/it'\"'\"'s/etc'"
    given = f"{script.INSTALLED} --service pbx --configuration {quoted}"
    assert f"\n{given} agree {CHAIN.words[0]} {KEY.words[0]} </dev/null\n" in text
    assert f"$({given} prepare </dev/null)" in text
    assert f"\n{script.INSTALLED} agree </dev/null\n" in asterisk.bootstrap(through_sudo(), NOTHING_MORE)


def test_a_user_is_created_and_a_key_let_in_only_where_that_is_wanted() -> None:
    plain = asterisk.bootstrap(through_sudo(), NOTHING_MORE)
    assert "authorized_keys" not in plain
    assert "\n    useradd" not in plain
    text = asterisk.bootstrap(through_sudo(), ALL)
    assert "useradd --create-home --shell /bin/sh --password '*' deploy\n" in text
    assert f"'restrict,port-forwarding ssh-ed25519 {ENCODED} maria@laptop'" in text


def test_it_is_run_by_a_shell_of_root_and_tells_what_it_did(pbx: Pbx) -> None:
    said = b"bootstrap: installed the script\nservice asterisk\nbootstrap: made the key\nbootstrap: done; look\n"
    host = ScriptedHost(answers={"install": said})
    assert asterisk.prepare(host, pbx, NOTHING_MORE) == ["installed the script", "made the key"]
    (command,) = host.commands
    assert isinstance(command, Command)
    assert command.argv[:2] == ("sh", "-c")
    assert command.argv[2].endswith("else exec sudo -n sh -s; fi")
    assert command.stdin == asterisk.bootstrap(pbx, NOTHING_MORE).encode()


@pytest.mark.parametrize(
    ("answer", "code", "message"),
    [
        (broken("bootstrap: there is no sudo on this host"), "PUSH-57", "there is no sudo on this host"),
        (broken("sudo: a password is required"), "PUSH-57", "sudo: a password is required"),
        (refused("PUSH-33 Asterisk runs as root"), "PUSH-33", "Asterisk runs as root"),
        (Completed(exit_status=3, stdout=b"", stderr=b"useradd: invalid"), "PUSH-57", "useradd: invalid"),
    ],
)
def test_what_stops_it_is_told(pbx: Pbx, answer: Completed, code: str, message: str) -> None:
    with pytest.raises(PushRefused) as stopped:
        asterisk.prepare(ScriptedHost(answers={"install": answer}), pbx, NOTHING_MORE)
    finding = stopped.value.finding
    assert (finding.code, finding.message, finding.pbx) == (code, message, "headquarters")


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        (f"ssh-ed25519 {ENCODED} maria@laptop\n", "maria@laptop"),
        (f"  ssh-ed25519   {ENCODED}\r\n", ""),
        (f"ssh-ed25519 {ENCODED} it's; $(mine) \x1b[31m", "itsmine31m"),
    ],
)
def test_a_public_key_is_taken_with_a_comment_of_plain_signs(text: str, comment: str) -> None:
    assert PublicKey.parse(text) == replace(OPERATORS, comment=comment)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ssh-ed25519",
        "ssh-ed25519 not-base64",
        f"ssh-rsa {ENCODED}",  # the key itself is of another kind
        f'command="mine" ssh-ed25519 {ENCODED}',
        f"ssh-ed25519 {ENCODED}\nssh-ed25519 {ENCODED}\n",
        f"ssh-dss {ENCODED}",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nsentinel\n-----END OPENSSH PRIVATE KEY-----\n",
    ],
)
def test_what_is_no_public_key_is_refused_in_words_that_quote_nothing(text: str) -> None:
    with pytest.raises(NotAPublicKey) as refusal:
        PublicKey.parse(text)
    assert "sentinel" not in str(refusal.value)
