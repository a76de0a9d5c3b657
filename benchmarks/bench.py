"""Hosts that run, the same work described to each tool, and whether it was done."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import files_driver
from benchmarks.files_fleet import files_pbx, plug_in
from confgen.render import render

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.hosts import SshHosts

EDITION = "1"


@dataclass(frozen=True, slots=True)
class Standing:
    """Which file lies somewhere: another one, or one that was written again, is not equal to it."""

    inode: int
    written_at: int  # nanoseconds


class Bench:
    """`disk` is a folder that does not lie in memory: who keeps a journal pays for it."""

    def __init__(self, ssh: SshHosts, disk: Path) -> None:
        self.ssh = ssh
        self.disk = str(disk)
        host = ssh.hosts[0]
        self.client_key, self.known_hosts = str(host.client_key), str(host.known_hosts)
        files, home = ssh.folder / "files", ssh.folder / "operator"
        files.mkdir()
        home.mkdir()
        self.files, self.home = str(files), str(home)  # a home in which nobody has set anything up
        plug_in()
        sources = files_driver.sources(files_pbx("any", host.access, folder="", edition=EDITION))
        self.contents = {document.key: document.reveal().encode() for document in render(sources, {})}
        for name, content in self.contents.items():
            (files / name).write_bytes(content)
        self.fleet = str(self._fleet())
        self.ansible_hosts = str(
            self._written(
                "ansible.ini",
                "".join(
                    f"{each.address} ansible_port={each.port} ansible_user={each.user} folder={each.folder}\n"
                    for each in ssh.hosts
                ),
            )
        )
        self.ansible_settings = str(self._written("ansible.cfg", ""))
        lines = (f"{each.address} {each.port} {each.user} {each.folder}\n" for each in ssh.hosts)
        self.lines = self._written("hosts.txt", "".join(lines))
        self.tar = str(ssh.folder / "files.tar")
        with tarfile.open(self.tar, "w") as archive:
            for name, content in self.contents.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))

    def _fleet(self) -> Path:
        hosts = [
            {"address": each.address, "port": each.port, "user": each.user, "folder": str(each.folder)}
            for each in self.ssh.hosts
        ]
        told = {
            "edition": EDITION,
            "files": self.files,
            "client_key": self.client_key,
            "known_hosts": self.known_hosts,
            "hosts": hosts,
        }
        return self._written("fleet.json", json.dumps(told))

    def _written(self, name: str, text: str) -> Path:
        path = self.ssh.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def standing(self, tool: str, folder: str) -> Mapping[Path, Standing]:
        """What lies in a tool's folder on each host; SystemExit unless it is the files, byte for byte, and no other."""
        found: dict[Path, Standing] = {}
        for host in self.ssh.hosts:
            there = host.folder / folder
            names = {path.name for path in there.iterdir()} if there.is_dir() else set()
            if names != self.contents.keys():
                raise SystemExit(f"{tool} left {sorted(names)} in {there}")
            for name, content in self.contents.items():
                path = there / name
                if path.read_bytes() != content:
                    raise SystemExit(f"{tool} left {path} otherwise than it should be")
                status = path.stat()
                found[path] = Standing(status.st_ino, status.st_mtime_ns)
        return found
