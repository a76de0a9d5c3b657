"""The files in which one host differs from its root folder, laid over it as a read-only layer."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.ssh_keys import SshKey

# Nobody logs in at a console here, and what a root folder holds does not change between two starts. Each of these takes
# an inotify instance, of which root has 128 unless the machine says otherwise, or a part of each boot.
_IDLE_UNITS = (
    "ldconfig.service",
    "systemd-ask-password-console.path",
    "systemd-ask-password-wall.path",
    "systemd-journal-catalog-update.service",
    "systemd-logind.service",
    "systemd-logind-varlink.socket",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """What makes a root folder one particular host."""

    host_name: str
    hosts_table: str
    name_server: str
    host_key: SshKey
    authorized_key: str
    masked_units: Sequence[str]  # that must never start


def lay_seed(seed: Seed, root: Path, layer: Path) -> None:
    """Write the host's own files into a new layer above the root folder."""
    _put(root, layer, "etc/hostname", seed.host_name + "\n")
    _put(root, layer, "etc/hosts", seed.hosts_table)
    _put(root, layer, "etc/resolv.conf", f"nameserver {seed.name_server}\n")
    # Without an identity systemd would take every start for the first one and apply all its presets.
    _put(root, layer, "etc/machine-id", uuid.uuid4().hex + "\n", mode=0o444)
    _put(root, layer, "etc/ssh/ssh_host_ed25519_key", seed.host_key.private.decode(), mode=0o600)
    _put(root, layer, "etc/ssh/ssh_host_ed25519_key.pub", seed.host_key.public + "\n")
    for home in ("root", "home/deploy"):
        _put(root, layer, f"{home}/.ssh/authorized_keys", seed.authorized_key + "\n", mode=0o600)
    units = layer / "etc/systemd/system"
    _make_folder(root, layer, units.relative_to(layer))
    for unit in (*_IDLE_UNITS, *seed.masked_units):
        (units / unit).symlink_to("/dev/null")


def _put(root: Path, layer: Path, name: str, text: str, mode: int = 0o644) -> None:
    path = layer / name
    _make_folder(root, layer, path.parent.relative_to(layer))
    path.write_text(text, encoding="ascii")
    path.chmod(mode)
    folder = path.parent.stat()
    os.chown(path, folder.st_uid, folder.st_gid)


def _make_folder(root: Path, layer: Path, name: Path) -> None:
    """A folder of the layer hides the one below, so it gets the same owner and mode."""
    for folder in (*reversed(name.parents), name):
        if not (layer / folder).is_dir():
            (layer / folder).mkdir(mode=0o700)
        if (root / folder).is_dir():
            shutil.copystat(root / folder, layer / folder)
            below = (root / folder).stat()
        else:  # .ssh: private, and its home's owner's
            below = (layer / folder.parent).stat()
        os.chown(layer / folder, below.st_uid, below.st_gid)
