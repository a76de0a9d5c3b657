"""confgen's side of a comparison: `python -m benchmarks.by_confgen push|plan FLEET`, as its peers are run."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

from benchmarks.files_fleet import files_pbx, plug_in
from confgen import fleet
from confgen.fleet.job import Silent
from confgen.model.inventory import Inventory, SshAccess
from confgen.model.result import SUCCEEDED, Outcome
from confgen.model.terms import Strategy, Terms


def main() -> None:
    """Do it to every host, all at once (no peer has a canary), and print how it ended where."""
    task, path = sys.argv[1:]
    told = json.loads(Path(path).read_text(encoding="utf-8"))
    plug_in()
    pbxs = tuple(
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
    )
    inventory = Inventory(pbxs=pbxs, folder=told["files"])
    push, plan = fleet.push, fleet.plan  # read when they are met: that is of the start, as its peers' imports are
    started, worked = time.perf_counter(), time.process_time()
    if task == "push":
        all_at_once = Strategy(canary=tuple(pbx.name for pbx in pbxs))
        results = push(inventory, pbxs, Silent(), terms=Terms(), strategy=all_at_once)
    else:
        results = plan(inventory, pbxs, Silent())
    for words, count in Counter(f"{result.outcome.value}: {result.message}" for result in results).items():
        print(count, words)
    print(json.dumps({"seconds": time.perf_counter() - started, "cpu": time.process_time() - worked}))
    if any(result.outcome not in SUCCEEDED | {Outcome.PLANNED} for result in results):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
