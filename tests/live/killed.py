"""A PBX that is pushed from one state to another and back, by an operator who can be stopped."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.root_folder import Root
from tests.live.company import Company, Ran
from tests.live.kill_points import Stopping

_SPECS = (
    HostSpec(name="new", domain="new.example.test"),
    HostSpec(name="aged", domain="aged.example.test", root=Root.ASTERISK_16),
)
_NUMBERS = {"new": ("101", "102", "103"), "aged": ("201", "202", "203")}
_INVENTORY = """\
version: 1
defaults:
  ssh: {{user: root, identity_file: {key}, known_hosts: {known_hosts}}}
  certificate:
    chain: {{file: "pki/{{pbx}}.crt"}}
    key: {{file: "pki/{{pbx}}.key"}}
    authority: {{file: pki/authority.crt}}
  echo_number: "600"
  extension_defaults:
    secret: {{file: "secrets/{{extension}}"}}
    permit: [10.77.0.0/24]
  probe: {{secret: {{file: secrets/probe}}, permit: [10.77.0.1]}}
  emergency: {{waived: {{owner: the tests, reason: nobody lives in the lab, until: "2099-12-31"}}}}
pbxs:
  new:
    kind: asterisk
    product_version: "22.10.1"
    address: {new}
    sip: {{domain: new.example.test, tls_versions: ["1.2", "1.3"], port: 5061}}
    extensions: {{"101": {{}}, "102": {{}}}}
  aged:
    kind: asterisk
    product_version: "16.28.0"
    address: {aged}
    sip: {{domain: aged.example.test, tls_versions: ["1.2"], port: 5061}}
    extensions: {{"201": {{}}, "202": {{}}}}
"""
UNDO_AFTER = 3  # seconds
_LISTING = "cd /etc/asterisk && for f in *.conf; do [ -f $f ] && sha256sum $f; done; ls -l . | grep ' -> '"
# Files first: as long as one of them is there, whoever waits need not ask systemd, nor look at every process.
_LEFT = (
    "left=0; for path in /etc/confgen/asterisk/armed /etc/confgen/asterisk/undoing /etc/confgen/asterisk/confirmed "
    "/etc/confgen/asterisk/under_way /etc/systemd/system/multi-user.target.wants/confgen*; do "
    "if [ -e $path ] || [ -L $path ]; then echo $path; left=1; fi; done; [ $left = 0 ] || exit 0; "
    "systemctl list-units --all --plain --no-legend 'confgen*'; "
    "pgrep -lx 'confgen-asteris|stopping'"  # what was stopped goes on though its operator is dead
)


class Killed:
    """One PBX that is pushed from one state to another and back, by an operator who can be stopped."""

    def __init__(self, company: Company, name: str) -> None:
        self.company = company
        self.name = name
        self.host: Host = company.lab.hosts[name]
        self.stopping = Stopping(self.host)
        self.text = company.inventory_text  # what the PBX has
        self.is_known = False  # whether it does

    def listing(self) -> str:
        return self.host.run(["sh", "-c", _LISTING], check=True).stdout.decode()

    def left(self) -> str:
        return self.host.run(["sh", "-c", _LEFT]).stdout.decode().strip()

    def another(self, *, restarts: bool) -> str:
        """An inventory with a change, which a reload takes or which needs a restart."""
        head, tail = self.text.split(f"  {self.name}:\n")
        first, _, third = _NUMBERS[self.name]
        turns = (
            [("port: 5061", "port: 5071"), ("port: 5071", "port: 5061")]
            if restarts
            else [(f'"{first}": {{}}', f'"{first}": {{name: Books}}, "{third}": {{}}')]
        )
        if not restarts:
            turns.append(turns[0][::-1])
        before, after = next(turn for turn in reversed(turns) if turn[0] in tail.split("kind:")[1])
        return f"{head}  {self.name}:\n{tail.replace(before, after, 1)}"

    def verify(self, text: str) -> Ran:
        """Prove that the PBX is what this inventory says."""
        self.company.inventory.write_text(text, encoding="utf-8")
        return self.company.verify(self.name)

    def operator(self, undo_after: int, *words: str) -> subprocess.Popen[bytes]:
        """A push that the test may kill; it answers in JSON."""
        return self.company.lab.popen(
            [
                "env", f"--chdir={self.company.folder}", f"PYTHONPATH={Path(__file__).parents[2]}", "HOME=/nonexistent",
                sys.executable, "-m", "confgen", "push", "--limit", self.name, "--undo-after", str(undo_after),
                "--format", "json", *words,
            ],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def release(self) -> None:
        """Whatever was stopped goes on, and nothing stops any more."""
        self.stopping.at(None)
        self.stopping.go()

    def push(self, text: str) -> None:
        self.company.inventory.write_text(text, encoding="utf-8")
        pushed = self.company.confgen("push", "--adopt", "--limit", self.name)
        assert pushed.code == 0, pushed.told
        self.text = text
        self.is_known = True


class KilledPbxs:
    """The two PBXs of a lab, each with an operator of its own: what happens to one is nothing to the other."""

    def __init__(self, lab: Instance, folder: Path) -> None:
        self._companies: dict[str, Company] = {}
        for name in lab.hosts:
            (folder / name).mkdir()
            self._companies[name] = Company(lab, folder / name, inventory=inventory, numbers=_NUMBERS, trunks=())
        self._settled: dict[str, Killed] = {}  # of which is known what they have

    @contextmanager
    def settled(self, name: str) -> Iterator[Killed]:
        """A PBX that is what its inventory says; where a test leaves it otherwise, the next one pushes first."""
        one = self._settled.pop(name, None)
        if one is None:
            one = Killed(self._companies[name], name)
            one.push(one.text)
        try:
            yield one
        finally:
            one.release()
        if one.is_known:
            self._settled[name] = one


@contextmanager
def killed_pbxs(name: str, folder: Path) -> Iterator[KilledPbxs]:
    """Two PBXs, 22 and 16, in a lab of their own; nothing is pushed yet."""
    with Instance(f"{name}-{os.getpid()}", _SPECS) as lab:
        yield KilledPbxs(lab, folder)


def inventory(lab: Instance) -> str:
    addresses = {name: host.address for name, host in lab.hosts.items()}
    return _INVENTORY.format(key=lab.client_key, known_hosts=lab.known_hosts, **addresses)
