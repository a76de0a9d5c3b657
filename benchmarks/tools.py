"""The commands of each tool that makes files equal on hosts: confgen's, its peers', what one would write by hand."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measured import PEERS, ROOT, Measured, measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.bench import Bench

_PROGRAMS = ROOT / "benchmarks" / "peers"
_AT_ONCE = "32"  # hosts, whichever the tool
BY_HAND = "by hand, paramiko and SFTP"
CONFGEN, PYINFRA, ANSIBLE = "confgen", "pyinfra", "Ansible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One way to do the work: first where nothing is there, then where nothing differs."""

    name: str
    folder: str  # below a host's own; its files lie in it, or in its etc/
    first: Callable[[Bench], Measured]
    again: Callable[[Bench], Measured] | None
    start: tuple[str, ...] = ()  # a program that only starts and ends; empty where the work itself is told
    is_slow: bool = False


def _push(bench: Bench) -> Measured:
    """All hosts are canaries: no peer has one, and goes to all of them at once."""
    return _confgen(bench, "push", "--canary", ",".join(host.address for host in bench.ssh.hosts))


def _plan(bench: Bench) -> Measured:
    return _confgen(bench, "plan")


def _confgen(bench: Bench, *words: str) -> Measured:
    program = [sys.executable, "-m", "benchmarks.by_confgen", bench.fleet]
    return _with_work(measured([*program, *words, "--parallel", _AT_ONCE], XDG_STATE_HOME=bench.disk, HOME=bench.home))


def _by_hand(how: str) -> Callable[[Bench], Measured]:
    """With confgen's own paramiko: pyinfra's is an older one."""
    program = [sys.executable, str(_PROGRAMS / "by_paramiko.py"), how, _AT_ONCE]
    return lambda bench: _with_work(measured([*program, bench.fleet], HOME=bench.home))


def _with_work(run: Measured) -> Measured:
    """With what the program itself says of the time from its first connection to its last result."""
    return replace(run, work=json.loads(run.said.splitlines()[-1])["seconds"])


def _openssh(bench: Bench) -> Measured:
    program = str(_PROGRAMS / "by_openssh.sh")
    argv = ["sh", program, _AT_ONCE, bench.client_key, bench.known_hosts, bench.tar]
    return measured(argv, stdin=bench.lines, HOME=bench.home)


def _pyinfra(bench: Bench) -> Measured:
    files = [str(_PROGRAMS / "pyinfra_hosts.py"), str(_PROGRAMS / "by_pyinfra.py")]
    return measured([str(PEERS / "pyinfra"), "-y", "--parallel", _AT_ONCE, *files], FLEET=bench.fleet, HOME=bench.home)


def _ansible(playbook: str) -> Callable[[Bench], Measured]:
    return lambda bench: measured(
        [
            str(PEERS / "ansible-playbook"),
            "--inventory",
            bench.ansible_hosts,
            "--forks",
            _AT_ONCE,
            "--private-key",
            bench.client_key,
            "--extra-vars",
            json.dumps({"files": bench.files, "archive": bench.tar}),
            str(_PROGRAMS / playbook),
        ],
        HOME=bench.home,
        ANSIBLE_CONFIG=bench.ansible_settings,
        ANSIBLE_PIPELINING="true",
        ANSIBLE_HOST_KEY_CHECKING="true",
        ANSIBLE_LOCALHOST_WARNING="false",
        ANSIBLE_PYTHON_INTERPRETER="/usr/bin/python3",
        ANSIBLE_SSH_ARGS="-F none -o ControlMaster=auto -o ControlPersist=60s "
        f"-o UserKnownHostsFile={bench.known_hosts}",
        ANSIBLE_SSH_CONTROL_PATH_DIR=str(Path(bench.home) / Path(playbook).stem),  # no other's connections
    )


_ANSIBLE_START = (str(PEERS / "ansible-playbook"), "--version")

TOOLS = (
    Tool(name=BY_HAND, folder="paramiko-sftp", first=_by_hand("sftp"), again=_by_hand("sftp")),
    Tool(name="by hand, paramiko and one tar", folder="paramiko-tar", first=_by_hand("tar"), again=None),
    Tool(name=CONFGEN, folder="confgen/etc", first=_push, again=_plan),
    Tool(name="ssh … tar, 32 at once", folder="openssh", first=_openssh, again=None, start=("ssh", "-V")),
    Tool(
        name=PYINFRA,
        folder="pyinfra",
        first=_pyinfra,
        again=_pyinfra,
        start=(str(PEERS / "pyinfra"), "--version"),
    ),
    Tool(
        name="Ansible, one archive",
        folder="ansible-archive",
        first=_ansible("by_ansible_archive.yml"),
        again=None,
        start=_ANSIBLE_START,
        is_slow=True,
    ),
    Tool(
        name=ANSIBLE,
        folder="ansible",
        first=_ansible("by_ansible.yml"),
        again=_ansible("by_ansible.yml"),
        start=_ANSIBLE_START,
        is_slow=True,
    ),
)
