"""What the machine must offer before the lab can run, said in one line when it does not."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

PACKAGE_BY_COMMAND = {
    "mmdebstrap": "mmdebstrap",
    "systemd-nspawn": "systemd-container",
    "ip": "iproute2",
    "dnsmasq": "dnsmasq-base",
    "nsenter": "util-linux",
    "unshare": "util-linux",
    "mount": "mount",
}
# systemd's nspawn and dnsmasq live in sbin, which an ordinary login shell may not search.
SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class LabUnavailable(Exception):
    """The machine cannot run the lab; the message says what is missing and what to install."""


def require_machine() -> None:
    """Raise unless the lab can run here."""
    missing = {
        command: package
        for command, package in PACKAGE_BY_COMMAND.items()
        if shutil.which(command, path=SEARCH_PATH) is None
    }
    needs = ["root"] if os.geteuid() != 0 else []
    needs.extend(missing)
    if needs:
        install = f": apt-get install {' '.join(sorted(set(missing.values())))}" if missing else ""
        raise LabUnavailable(f"the lab needs {', '.join(needs)}{install}")
    cgroup_mount()


def cgroup_mount() -> Path:
    """Where the unified cgroup hierarchy is mounted: /sys/fs/cgroup, or below it on a hybrid machine."""
    for line in Path("/proc/self/mounts").read_text(encoding="ascii").splitlines():
        _, folder, kind, options, *_ = line.split()
        if kind == "cgroup2" and "rw" in options.split(","):
            return Path(folder)
    raise LabUnavailable("the lab needs a writable cgroup2 mount: run it on the machine or in a privileged container")


def environment() -> dict[str, str]:
    """The environment of the lab's own tools: a known search path and messages in English."""
    return {**os.environ, "PATH": SEARCH_PATH, "LC_ALL": "C.UTF-8"}
