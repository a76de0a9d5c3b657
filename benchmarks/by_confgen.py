"""confgen's side of a comparison: `python -m benchmarks.by_confgen FLEET WORD…`, as its peers are run.

It is `confgen WORD…` as it stands, with its journal and all that it prints. On the last line stands, in JSON, what it
took from the command line on.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks.files_fleet import confgen_on, files_pbx, plug_in
from confgen.fleet import plan, push  # noqa: F401 -- before the clock runs, as by_paramiko.py imports paramiko
from confgen.model.inventory import SshAccess


def main() -> None:
    """End as the command does."""
    path, *words = sys.argv[1:]
    told = json.loads(Path(path).read_text(encoding="utf-8"))
    plug_in()
    pbxs = [
        files_pbx(
            host["address"],
            SshAccess(
                address=host["address"],
                user=host["user"],
                port=host["port"],
                host_key=None,
                known_hosts=told["known_hosts"],
                identity_file=told["client_key"],
                jump_hosts=(),
            ),
            folder=f"{host['folder']}/confgen",
            edition=told["edition"],
        )
        for host in told["hosts"]
    ]
    started, worked = time.perf_counter(), time.process_time()
    try:
        confgen_on(pbxs, Path(told["files"]), words)
    finally:
        print(json.dumps({"seconds": time.perf_counter() - started, "cpu": time.process_time() - worked}))


if __name__ == "__main__":
    main()
