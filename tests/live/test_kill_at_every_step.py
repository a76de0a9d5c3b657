"""A push is killed, cut off, or loses its host's power at each of its steps: the PBX is wholly old or wholly new.

Each test adds a row to `build/kill-points.md`: the point, what happened there, and what became of the PBX.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.root_folder import Root
from tests.live.company import Company, Ran
from tests.live.kill_points import COMMANDS, POINTS, Point, Stopping, wait_until

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
_UNDO_AFTER = 6  # seconds
_KINDS = ("operator", "link", "power")
_TABLE = Path(__file__).parents[2] / "build" / "kill-points.md"
_LISTING = "cd /etc/asterisk && for f in *.conf; do [ -f $f ] && sha256sum $f; done; ls -l . | grep ' -> '"
_LEFT = (
    "ls /etc/confgen/asterisk/armed /etc/confgen/asterisk/undoing /etc/confgen/asterisk/confirmed "
    "/etc/confgen/asterisk/under_way /etc/systemd/system/confgen* "
    "/etc/systemd/system/multi-user.target.wants/confgen* 2>/dev/null; "
    "systemctl list-units --all --plain --no-legend 'confgen*'"
)


class Killed:
    """One PBX that is pushed from one state to another and back, by an operator who can be stopped."""

    def __init__(self, company: Company, name: str) -> None:
        self.company = company
        self.name = name
        self.host: Host = company.lab.hosts[name]
        self.stopping = Stopping(self.host)
        self.text = company.inventory_text  # what the PBX has

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

    def operator(self) -> subprocess.Popen[bytes]:
        """A push that the test may kill."""
        return self.company.lab.popen(
            [
                "env", f"--chdir={self.company.folder}", f"PYTHONPATH={Path(__file__).parents[2]}", "HOME=/nonexistent",
                sys.executable, "-m", "confgen", "push", "--limit", self.name, "--undo-after", str(_UNDO_AFTER),
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def push(self, text: str) -> None:
        self.company.inventory.write_text(text, encoding="utf-8")
        pushed = self.company.confgen("push", "--adopt", "--limit", self.name)
        assert pushed.code == 0, pushed.told
        self.text = text


@pytest.fixture(scope="session")
def killing_company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with Instance(f"kill-{os.getpid()}", _SPECS) as lab:
        company = Company(
            lab,
            tmp_path_factory.mktemp("killed"),
            inventory=lambda lab: _INVENTORY.format(
                key=lab.client_key,
                known_hosts=lab.known_hosts,
                **{name: host.address for name, host in lab.hosts.items()},
            ),
            numbers=_NUMBERS,
            trunks=(),
        )
        yield company


_KILLED: dict[str, Killed] = {}


@pytest.fixture
def killed(killing_company: Company, request: pytest.FixtureRequest) -> Iterator[Killed]:
    name: str = request.param
    if name not in _KILLED:
        _KILLED[name] = Killed(killing_company, name)
        _KILLED[name].push(killing_company.inventory_text)
    one = _KILLED[name]
    yield one
    one.stopping.at(None)
    one.stopping.go()


def _cases() -> list[ParameterSet]:
    """Each point once, with the kinds and the versions in turn; all of them in the full run."""
    cases = []
    for index, point in enumerate(POINTS):
        for kind_index, kind in enumerate(_KINDS):
            name = ("new", "aged")[(index + kind_index) % 2]
            marks = () if index % len(_KINDS) == kind_index else (pytest.mark.full,)
            cases.append(pytest.param(name, kind, point, marks=marks, id=f"{kind}: {point} on {name}"))
    return cases


@pytest.mark.parametrize(("killed", "kind", "point"), _cases(), indirect=["killed"])
def test_whatever_dies_the_pbx_is_wholly_old_or_wholly_new(killed: Killed, kind: str, point: Point) -> None:
    host, restarts = killed.host, point.restarts
    old = killed.listing()
    wanted = killed.another(restarts=restarts)
    killed.company.inventory.write_text(wanted, encoding="utf-8")
    killed.stopping.at(point)

    with ExitStack() as stack:
        operator = stack.enter_context(killed.operator())
        assert killed.stopping.wait(operator), f"the push came to its end without {point}"
        if kind == "operator":
            operator.kill()
            killed.stopping.go()
        elif kind == "link":
            stack.enter_context(killed.company.lab.filtered(host, [22]))
            killed.stopping.go()
        else:
            host.run(["sh", "-c", "echo NUMBER=0 >/etc/stopping-point"], check=True)
            host.power_cut()
            operator.kill()
            host.start()
        seconds = wait_until(lambda: killed.left() == "", _UNDO_AFTER + 8)
        operator.kill()
    killed.stopping.at(None)
    after = killed.listing()
    lease = host.run(["sh", "-c", "cut -d' ' -f2 /run/confgen-asterisk.lease | tail -n 1"]).stdout.decode().strip()
    uptime = float(host.read("/proc/uptime").split()[0])
    assert not lease or float(lease) <= uptime + _UNDO_AFTER

    verified = killed.verify(killed.text if after == old else wanted)
    wait_until(lambda: not lease or float(host.read("/proc/uptime").split()[0]) >= float(lease), _UNDO_AFTER + 2)
    killed.push(wanted)
    new = killed.listing()
    outcome = "old" if after == old else "new" if after == new else "a mixture"
    _tell(killed.name, kind, point, outcome, seconds)

    assert outcome in {"old", "new"}
    assert old != new
    assert verified.code == 0, verified.told
    assert killed.left() == ""


@pytest.mark.parametrize("killed", ["new"], indirect=True)
def test_the_remote_commands_of_a_push_are_the_points_that_are_tried(killed: Killed) -> None:
    killed.stopping.at(None)

    killed.push(killed.another(restarts=False))

    commands = killed.stopping.commands()
    assert len(commands) == len(COMMANDS)
    for command, name in zip(commands, COMMANDS, strict=True):
        assert f" {name}" in command or command == "sh -s" or (name == "ports" and "/proc/net" in command)


def _tell(name: str, kind: str, point: Point, outcome: str, seconds: float) -> None:
    """One more row; several workers write to the same table."""
    _TABLE.parent.mkdir(exist_ok=True)
    with _TABLE.open("a", encoding="utf-8") as table:
        fcntl.flock(table, fcntl.LOCK_EX)
        if table.tell() == 0:
            table.write(
                "| point | what dies | Asterisk | the PBX is | settled after |\n| --- | --- | --- | --- | --- |\n"
            )
        version = {"new": "22", "aged": "16"}[name]
        table.write(f"| {point} | {kind} | {version} | {outcome} | {seconds:.1f} s |\n")
