"""The hosts as an inventory of pyinfra, which runs this file; FLEET is named by the environment."""

from __future__ import annotations

import json
import os
from pathlib import Path

_FLEET = json.loads(Path(os.environ["FLEET"]).read_text(encoding="utf-8"))

hosts = [
    (
        host["address"],
        {
            "ssh_port": host["port"],
            "ssh_user": host["user"],
            "ssh_key": _FLEET["client_key"],
            "ssh_known_hosts_file": _FLEET["known_hosts"],
            "ssh_strict_host_key_checking": "yes",
            "ssh_config_file": os.devnull,
            "folder": host["folder"],
        },
    )
    for host in _FLEET["hosts"]
]
