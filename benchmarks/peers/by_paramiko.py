"""What one would write by hand: 8 files made equal on every host, with paramiko in a pool of threads.

Each host is asked for the digests of what it has; what differs goes there by SFTP, each file beside its place and then
renamed, or in one tar that writes over what is there. `by_paramiko.py sftp|tar AT_ONCE FLEET`, where FLEET is a JSON
file of `hosts` (address, port, user, folder), `client_key`, `known_hosts`, and `files` (a folder).
"""

from __future__ import annotations

import hashlib
import io
import json
import socket
import sys
import tarfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import paramiko


def main() -> None:
    """Make the files equal, and print on how many hosts anything was written."""
    how, hands, path = sys.argv[1:]
    fleet = json.loads(Path(path).read_text(encoding="utf-8"))
    files = {path.name: path.read_bytes() for path in sorted(Path(fleet["files"]).iterdir())}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    key = paramiko.Ed25519Key.from_private_key_file(fleet["client_key"])
    known = paramiko.HostKeys(fleet["known_hosts"])

    def equal(host: dict[str, Any]) -> bool:
        client = paramiko.SSHClient()
        entries = client.get_host_keys()
        name = f"[{host['address']}]:{host['port']}"
        for kind, shown in known[name].items():
            entries.add(name, kind, shown)
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
        connection = socket.create_connection((host["address"], host["port"]))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.connect(
            host["address"],
            host["port"],
            host["user"],
            pkey=key,
            sock=connection,
            allow_agent=False,
            look_for_keys=False,
        )
        with client:
            folder = f"{host['folder']}/paramiko-{how}"
            told = _run(client, f"mkdir -p {folder} && cd {folder} && sha256sum -- * 2>/dev/null || :")
            there = {line[66:]: line[:64] for line in told.decode().splitlines()}
            differing = [name for name in files if there.get(name) != digests[name]]
            if differing and how == "tar":
                _run(client, f"tar -xf - -C {folder}", _tar({name: files[name] for name in differing}))
            elif differing:
                with client.open_sftp() as sftp:
                    for name in differing:
                        sftp.putfo(io.BytesIO(files[name]), f"{folder}/{name}.new", confirm=False)
                        sftp.posix_rename(f"{folder}/{name}.new", f"{folder}/{name}")
            return bool(differing)

    started, worked = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(int(hands)) as pool:
        print("written to", sum(pool.map(equal, fleet["hosts"])))
    print(json.dumps({"seconds": time.perf_counter() - started, "cpu": time.process_time() - worked}))


def _run(client: paramiko.SSHClient, command: str, stdin: bytes = b"") -> bytes:
    sent, told, _ = client.exec_command(command)
    sent.write(stdin)
    sent.channel.shutdown_write()
    answer: bytes = told.read()
    if told.channel.recv_exit_status() != 0:
        raise SystemExit(f"{command}: failed")
    return answer


def _tar(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


if __name__ == "__main__":
    main()
