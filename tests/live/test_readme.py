"""The README's section "Your own PBX", walked through command by command on a PBX that a company already runs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.host import HostSpec
from lab.instance import CONTROL_ADDRESS, Instance
from lab.living_pbx import settle
from lab.pki import make_authority
from tests.live.test_adoption import listing

_CHECKOUT = Path(__file__).parents[2]
_SECTION = (_CHECKOUT / "README.md").read_text(encoding="utf-8").split("## Your own PBX")[1].split("\n## ")[0]
_INVENTORY, _COMMANDS = (re.findall(rf"```{kind}\n(.*?)```", _SECTION, re.DOTALL)[0] for kind in ("yaml", "sh"))
_ECHO = re.findall(r"```ini\n(.*?)```", _SECTION, re.DOTALL)[0]
_EXIT = re.compile(r"#.*\(exit (\d+)")
_DOMAIN = "pbx.example.test"
_VERBS = ("validate", "render", "plan", "push", "push", "verify", "push", "rollback")


class Walk:
    """A reader of the README, at a machine with the key and the certificate that it asks for."""

    def __init__(self, lab: Instance, folder: Path) -> None:
        self._lab = lab
        self._folder = folder
        self.host = lab.hosts["pbx"]
        text = _INVENTORY.replace("192.0.2.10", self.host.address).replace("192.0.2.5", CONTROL_ADDRESS)
        (folder / "inventory.yaml").write_text(text.replace("pbx.example.com", _DOMAIN), encoding="utf-8")
        ssh = folder / "home" / ".ssh"
        ssh.mkdir(parents=True, mode=0o700)
        shutil.copy(lab.client_key, ssh / "id_ed25519")
        shutil.copy(lab.known_hosts, ssh / "known_hosts")
        (folder / "pki").mkdir()
        authority = make_authority()
        (folder / "pki" / "authority.crt").write_bytes(authority.pem)
        authority.issue(names=[_DOMAIN], days=90).write(folder / "pki", "headquarters")
        (folder / "bin").mkdir()
        program = folder / "bin" / "confgen"
        program.write_text(f'#!/bin/sh\nPYTHONPATH={_CHECKOUT} exec {shlex.quote(sys.executable)} -m confgen "$@"\n')
        program.chmod(0o755)

    def type(self, line: str) -> tuple[int, str]:
        """What comes of a line at the shell."""
        path = f"{self._folder / 'bin'}:/usr/bin:/bin"
        words = ["env", f"--chdir={self._folder}", f"HOME={self._folder / 'home'}", f"PATH={path}", "sh", "-c", line]
        done = self._lab.run(words, timeout=120)
        return done.returncode, (done.stdout + done.stderr).decode()


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    with Instance(f"readme-{os.getpid()}", [HostSpec(name="pbx", domain=_DOMAIN)]) as lab:
        settle(lab.hosts["pbx"])
        yield Walk(lab, tmp_path)


@pytest.mark.full
def test_every_command_of_the_section_ends_as_the_readme_says(walk: Walk) -> None:
    own = walk.host.read("/etc/asterisk/extensions.conf")
    walk.host.write("/etc/asterisk/extensions.conf", own + b"\n" + _ECHO.encode())
    walk.host.asterisk("dialplan reload")
    before = listing(walk.host)

    walked = []
    for line in _COMMANDS.splitlines():
        expected = int(found[1]) if (found := _EXIT.search(line)) else 0
        code, told = walk.type(line)
        assert code == expected, f"{line}\n{told}"
        walked.append(line.split("#")[0].split("--")[0].strip())

    assert walked[1:] == [f"confgen {verb}" for verb in _VERBS]
    assert listing(walk.host) == before
