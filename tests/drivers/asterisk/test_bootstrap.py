"""What root runs on a host once: it installs the script, agrees, and gives one right to one user."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk import script
from confgen.model.inventory import Installation, Pbx
from tests.drivers.asterisk.test_on_host import CHAIN, KEY, with_certbot
from tests.drivers.asterisk.test_script import through_sudo


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_it_is_a_shell_script_that_holds_the_whole_script_of_this_version(shell: str) -> None:
    text = asterisk.bootstrap(through_sudo())
    read = subprocess.run([shell, "-n"], input=text.encode(), capture_output=True, check=False)
    assert (read.returncode, read.stderr) == (0, b"")
    assert script.text().decode() in text


def test_it_gives_one_user_one_script_and_has_visudo_look_at_that() -> None:
    text = asterisk.bootstrap(through_sudo())
    rules = [line for line in text.splitlines() if " ALL=" in line]
    assert rules == [f"deploy ALL=(root) NOPASSWD: {script.INSTALLED}"]
    assert f"Defaults!{script.INSTALLED} env_reset, !setenv, !requiretty\n" in text
    assert text.index("visudo -c") < text.index("mv -T /etc/sudoers.d/")


def test_root_agrees_to_what_the_inventory_names_and_to_nothing_else() -> None:
    pbx: Pbx = replace(
        with_certbot(), ssh=through_sudo().ssh, installation=Installation(service="pbx", configuration="/opt/it's/etc")
    )
    text = asterisk.bootstrap(pbx)
    quoted = "'/opt/it'\"'\"'s/etc'"
    assert (
        f"\n{script.INSTALLED} --service pbx --configuration {quoted} agree {CHAIN.words[0]} {KEY.words[0]}\n" in text
    )
    assert f"\n{script.INSTALLED} agree\n" in asterisk.bootstrap(through_sudo())
