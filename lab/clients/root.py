"""Runs a program of the clients' root folder inside an instance."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from lab.instance import Instance
from lab.root_folder import Root, build

SHARED = "/mnt"  # where a program finds the folder it shares with us

# $1 is the root folder, which stays as it was built, $2 the shared folder. The mounts end with the program.
_ENTER = """\
set -e
root=$1 shared=$2
shift 2
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount --bind "$shared" "$root/mnt"
mount -t tmpfs tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
if [ -e /etc/resolv.conf ]; then mount --bind /etc/resolv.conf "$root/etc/resolv.conf"; fi
exec chroot "$root" env -i --chdir=/mnt HOME=/mnt PATH=/usr/sbin:/usr/bin LC_ALL=C.UTF-8 "$@"
"""


def client_argv(shared: Path, argv: Sequence[str]) -> list[str]:
    """The argument vector that runs `argv` in the clients' root folder, with `shared` at `SHARED`."""
    root = build(Root.CLIENTS, lambda _: None).folder
    enter = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _ENTER, "enter"]
    return [*enter, str(root), str(shared), *argv]


def start_client(
    lab: Instance,
    shared: Path,
    argv: Sequence[str],
    *,
    stdout: int | IO[bytes],
    stderr: int | IO[bytes],
) -> subprocess.Popen[bytes]:
    """Start a client of the instance; a signal to the process reaches the program itself."""
    return lab.popen(client_argv(shared, argv), stdout=stdout, stderr=stderr)
