"""How fast a PBX with many endpoints is read back, on a host of the lab: `python benchmarks/state.py`, as root."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from secrets import token_urlsafe

from confgen import fleet
from confgen.drivers import asterisk
from confgen.fleet.preparation import prepare_for_proof
from confgen.model.check import Verdict
from confgen.remote.ssh import connect
from lab.host import HostSpec
from lab.instance import Instance
from lab.pki import make_authority

_INVENTORY = """\
version: 1
defaults:
  product_version: "22.10.1"
  ssh: {{user: root, identity_file: {key}, known_hosts: {known_hosts}}}
  certificate:
    chain: {{file: pki/many.crt}}
    key: {{file: pki/many.key}}
    authority: {{file: pki/authority.crt}}
  echo_number: "600"
  extension_defaults: {{secret: {{file: "secrets/{{extension}}"}}, permit: [10.77.0.0/24]}}
  probe: {{secret: {{file: secrets/probe}}, permit: [10.77.0.1]}}
  emergency: {{waived: {{owner: the benchmark, reason: nobody lives there, until: "2099-12-31"}}}}
pbxs:
  many:
    kind: asterisk
    address: {address}
    sip: {{domain: many.example.test}}
    extensions:
"""


def main() -> None:
    """Push an Asterisk 22 with many extensions, and print how long level *state* takes: the median, and all runs."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--endpoints", type=int, default=1000)
    arguments.add_argument("--runs", type=int, default=3)
    given = arguments.parse_args()
    name = f"benchmark-{os.getpid()}"
    with (
        tempfile.TemporaryDirectory() as folder,
        Instance(name, [HostSpec(name="many", domain="many.example.test")]) as lab,
    ):
        path = _pushed(lab, Path(folder), given.endpoints)
        with lab.inside():
            seconds = [_read_back(path) for _ in range(given.runs)]
    every = ", ".join(f"{value:.1f}" for value in seconds)
    print(f"read {given.endpoints} endpoints back in one round trip: {statistics.median(seconds):.1f} s (of {every})")


def _pushed(lab: Instance, folder: Path, endpoints: int) -> Path:
    host = lab.hosts["many"]
    authority = make_authority()
    (folder / "pki").mkdir()
    (folder / "pki" / "authority.crt").write_bytes(authority.pem)
    authority.issue(names=[host.domain], addresses=[host.address], days=90).write(folder / "pki", "many")
    numbers = range(10000, 10000 + endpoints)
    path = folder / "inventory.yaml"
    head = _INVENTORY.format(key=lab.client_key, known_hosts=lab.known_hosts, address=host.address)
    path.write_text(head + "".join(f'      "{number}": {{}}\n' for number in numbers), encoding="utf-8")
    (folder / "secrets").mkdir(mode=0o700)
    for number in (*numbers, "probe"):
        secret = folder / "secrets" / str(number)
        secret.write_text(token_urlsafe(18), encoding="utf-8")
        secret.chmod(0o600)
    push = ["env", f"XDG_STATE_HOME={folder}", sys.executable, "-m", "confgen", "push", "--adopt", str(path)]
    done = lab.run(push, timeout=300)
    if done.returncode != 0:
        raise SystemExit(done.stderr.decode())
    return path


def _read_back(path: Path) -> float:
    inventory = fleet.load(path).inventory
    pbx = inventory.pbxs[0]
    documents = prepare_for_proof(inventory, pbx).documents
    with connect(pbx.ssh, name=pbx.name, folder=path.parent) as host:
        started = time.perf_counter()
        checks = asterisk.state(host, pbx, documents)
        seconds = time.perf_counter() - started
    wrong = [check.message for check in checks if check.verdict is not Verdict.PASSED]
    if wrong:
        raise SystemExit(f"the PBX of the benchmark is not as pushed: {wrong[0]}")
    return seconds


if __name__ == "__main__":
    main()
