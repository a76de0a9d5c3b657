"""8 files of 5 KB made equal on many SSH hosts: confgen, its peers, and what one would write by hand, side by side.

Each makes a folder of its own on each host, and is seen to have done so. They take turns, so that what else the machine
does meets all of them alike.
"""

from __future__ import annotations

import io
import json
import sys
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import files_driver
from benchmarks.files_fleet import files_pbx, plug_in
from benchmarks.hosts import SshHosts
from benchmarks.measured import PEERS, ROOT, Measured, Runs, measured
from benchmarks.table import Table, seconds, times
from confgen.render import render

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PROGRAMS = ROOT / "benchmarks" / "peers"
_SLOW_RUNS = 1  # of what takes minutes
EDITION = "1"
BY_HAND = "by hand, paramiko and SFTP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One way to do the work: first where nothing is there, then where nothing differs."""

    name: str
    folder: str  # below a host's own; its files lie in it, or in its etc/
    first: Callable[[Bench], Measured]
    again: Callable[[Bench], Measured] | None
    start: tuple[str, ...] = ()  # a program that only starts and ends; empty where the work itself is told
    is_slow: bool = False


class Bench:
    """Hosts that run, and the same work described to each tool."""

    def __init__(self, ssh: SshHosts) -> None:
        self.ssh = ssh
        host = ssh.hosts[0]
        self.client_key, self.known_hosts = str(host.client_key), str(host.known_hosts)
        files = ssh.folder / "files"
        files.mkdir()
        plug_in()
        sources = files_driver.sources(files_pbx("any", host.access, folder="", edition=EDITION))
        self.texts = {document.key: document.reveal() for document in render(sources, {})}
        for name, text in self.texts.items():
            (files / name).write_text(text, encoding="utf-8")
        self.fleet = self._written(
            "fleet.json",
            json.dumps(
                {
                    "edition": EDITION,
                    "files": str(files),
                    "client_key": self.client_key,
                    "known_hosts": self.known_hosts,
                    "hosts": [
                        {"address": each.address, "port": each.port, "user": each.user, "folder": str(each.folder)}
                        for each in ssh.hosts
                    ],
                }
            ),
        )
        self.ansible_hosts = self._written(
            "ansible.ini",
            "".join(
                f"{each.address} ansible_port={each.port} ansible_user={each.user} folder={each.folder}\n"
                for each in ssh.hosts
            ),
        )
        self.lines = "".join(f"{each.address} {each.port} {each.user} {each.folder}\n" for each in ssh.hosts)
        self.tar = str(ssh.folder / "files.tar")
        with tarfile.open(self.tar, "w") as archive:
            for name, text in self.texts.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(text.encode())
                archive.addfile(entry, io.BytesIO(text.encode()))

    def _written(self, name: str, text: str) -> str:
        path = self.ssh.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def need_equal(self, tool: Tool) -> None:
        """SystemExit where a host does not have the files."""
        for host in self.ssh.hosts:
            for name, text in self.texts.items():
                path = host.folder / tool.folder / name
                if not path.is_file() or path.read_text(encoding="utf-8") != text:
                    raise SystemExit(f"{tool.name} left {path} otherwise than it should be")


def _confgen(task: str) -> Callable[[Bench], Measured]:
    return lambda bench: _with_work(measured([sys.executable, "-m", "benchmarks.by_confgen", task, bench.fleet]))


def _by_hand(how: str) -> Callable[[Bench], Measured]:
    program = [str(PEERS / "python"), str(_PROGRAMS / "by_paramiko.py"), how]
    return lambda bench: _with_work(measured([*program, bench.fleet]))


def _with_work(run: Measured) -> Measured:
    """With what the program itself says of the time from its first connection to its last result."""
    return replace(run, work=json.loads(run.said.splitlines()[-1])["seconds"])


def _openssh(bench: Bench) -> Measured:
    program = str(_PROGRAMS / "by_openssh.sh")
    return measured(["sh", program, bench.client_key, bench.known_hosts, bench.tar], stdin=bench.lines)


def _pyinfra(bench: Bench) -> Measured:
    files = [str(_PROGRAMS / "pyinfra_hosts.py"), str(_PROGRAMS / "by_pyinfra.py")]
    return measured([str(PEERS / "pyinfra"), "-y", "--parallel", "32", *files], FLEET=bench.fleet)


def _ansible(bench: Bench) -> Measured:
    return measured(
        [
            str(PEERS / "ansible-playbook"),
            "--inventory",
            bench.ansible_hosts,
            "--forks",
            "32",
            "--private-key",
            bench.client_key,
            "--extra-vars",
            f"files={Path(bench.fleet).parent / 'files'}",
            str(_PROGRAMS / "by_ansible.yml"),
        ],
        ANSIBLE_PIPELINING="true",
        ANSIBLE_HOST_KEY_CHECKING="true",
        ANSIBLE_LOCALHOST_WARNING="false",
        ANSIBLE_PYTHON_INTERPRETER="/usr/bin/python3",
        ANSIBLE_SSH_ARGS="-F none -o ControlMaster=auto -o ControlPersist=60s "
        f"-o UserKnownHostsFile={bench.known_hosts}",
        ANSIBLE_SSH_CONTROL_PATH_DIR=str(bench.ssh.folder / "ansible"),
    )


TOOLS = (
    Tool(name=BY_HAND, folder="paramiko-sftp", first=_by_hand("sftp"), again=_by_hand("sftp")),
    Tool(name="by hand, one tar", folder="paramiko-tar", first=_by_hand("tar"), again=None),
    Tool(name="confgen", folder="confgen/etc", first=_confgen("push"), again=_confgen("plan")),
    Tool(name="ssh … tar, 32 at once", folder="openssh", first=_openssh, again=None, start=("ssh", "-V")),
    Tool(
        name="pyinfra",
        folder="pyinfra",
        first=_pyinfra,
        again=_pyinfra,
        start=(str(PEERS / "pyinfra"), "--version"),
    ),
    Tool(
        name="Ansible",
        folder="ansible",
        first=_ansible,
        again=_ansible,
        start=(str(PEERS / "ansible-playbook"), "--version"),
        is_slow=True,
    ),
)


def compare(sizes: Sequence[int], runs: int, tools: Sequence[Tool] = TOOLS) -> Table:
    """The work of every tool at every size."""
    first: dict[tuple[str, int], Runs] = {}
    again: dict[tuple[str, int], Runs] = {}
    for size in sizes:
        with SshHosts(size) as ssh:
            bench = Bench(ssh)
            found: dict[str, tuple[list[Measured], list[Measured]]] = {tool.name: ([], []) for tool in tools}
            for number in range(runs):
                for tool in tools:
                    if not tool.is_slow or number < _SLOW_RUNS:
                        _one_round(bench, tool, *found[tool.name], is_largest=size == max(sizes))
            for name, (firsts, agains) in found.items():
                first[name, size] = Runs(tuple(firsts))
                if agains:
                    again[name, size] = Runs(tuple(agains))
    rows: list[tuple[str, ...]] = []
    for words, measurements in (("first push", first), ("nothing to change", again)):
        named = [tool.name for tool in tools if (tool.name, sizes[-1]) in measurements]
        rows += [_row(words, name, sizes, measurements) for name in named]
    return Table(
        title="8 files of 5 KB made equal on SSH hosts",
        head=("", *(f"{size} hosts, s" for size in sizes), "without start, s", "× by hand", "CPU, s", "MB"),
        rows=tuple(rows),
    )


def _one_round(bench: Bench, tool: Tool, first: list[Measured], again: list[Measured], *, is_largest: bool) -> None:
    bench.ssh.empty(tool.folder.partition("/")[0])
    started = measured(tool.start).seconds if tool.start else 0.0
    first.append(_without(tool.first(bench), started))
    bench.need_equal(tool)
    print(f"  {len(bench.ssh.hosts)} hosts, {tool.name}: {first[-1].seconds:.2f} s", file=sys.stderr, flush=True)
    if tool.again is not None and (is_largest or not tool.is_slow):
        again.append(_without(tool.again(bench), started))
        print(f"  … and again: {again[-1].seconds:.2f} s", file=sys.stderr, flush=True)


def _without(run: Measured, started: float) -> Measured:
    return run if run.work is not None else replace(run, work=run.seconds - started)


def _row(words: str, name: str, sizes: Sequence[int], measurements: dict[tuple[str, int], Runs]) -> tuple[str, ...]:
    largest, floor = measurements[name, sizes[-1]], measurements.get((BY_HAND, sizes[-1]))
    each = [measurements.get((name, size)) for size in sizes]
    return (
        f"{words}: {name}",
        *(seconds(None if runs is None else runs.seconds) for runs in each),
        seconds(largest.work),
        times(largest.work, None if floor is None else floor.work),
        seconds(largest.cpu),
        f"{largest.megabytes:.0f}",
    )
