"""confgen's side of a comparison: `python -m benchmarks.by_confgen FLEET WORD…`, as its peers are run.

It is `confgen WORD…` as it stands, with its journal and all that it prints. On the last line stands, in JSON, what it
took from the command line on.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from confgen.__main__ import look_seldom_for_garbage


def main() -> None:
    """End as the command does, and begin as it does."""
    look_seldom_for_garbage()
    from benchmarks.files_fleet import confgen_on, files_pbx, plug_in  # noqa: PLC0415 -- after that

    # Before the clock runs, as by_paramiko.py has paramiko.
    from confgen.cli import progress, saving, session  # noqa: F401, PLC0415
    from confgen.fleet import plan, push  # noqa: F401, PLC0415
    from confgen.model.inventory import SshAccess  # noqa: PLC0415

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
