"""What needs real Asterisks: a proof, and reading many endpoints back. The lab's hosts share this machine's cores."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from benchmarks.table import Table, seconds
from confgen import fleet
from confgen.drivers import asterisk
from confgen.fleet.preparation import prepare_for_proof
from confgen.model.check import Verdict
from confgen.remote.ssh import connect
from lab.host import HostSpec
from lab.instance import Instance
from lab.pki import make_authority
from lab.root_folder import Root
from tests.live.company import Company

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMPANY = (
    HostSpec(name="hq", domain="hq.example.test"),
    HostSpec(name="branch", domain="branch.example.test"),
    HostSpec(name="old", domain="old.example.test", root=Root.ASTERISK_16),
)
_MANY = """\
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


def proofs(runs: int) -> Table:
    """`confgen verify` with every level, the program's own start included: one PBX, two, and three with their legs."""
    with tempfile.TemporaryDirectory() as folder, Instance(f"benchmark-{os.getpid()}", _COMPANY) as lab:
        company = Company(lab, Path(folder))
        pushed = company.confgen("push", "--adopt")
        if pushed.code != 0:
            raise SystemExit(pushed.told)
        chosen: dict[str, tuple[str, ...]] = {
            "one PBX": ("--limit", "hq"),
            "two, and the leg between them": ("--limit", "hq,branch"),
            "three, and the two legs between them": (),
        }
        rows = [
            (words, seconds(_median([_verified(company, *limit) for _ in range(runs)])))
            for words, limit in chosen.items()
        ]
    return Table(title="`confgen verify`, every level, on Asterisks of the lab", head=("", "s"), rows=tuple(rows))


def _verified(company: Company, *words: str) -> float:
    started = time.perf_counter()
    verified = company.confgen("verify", *words)
    took = time.perf_counter() - started
    if verified.code != 0:
        raise SystemExit(verified.told)
    return took


def states(sizes: Sequence[int], runs: int) -> Table:
    """Level *state* of one PBX with so many endpoints, in one round trip."""
    rows = []
    for size in sizes:
        lab = Instance(f"benchmark-{os.getpid()}-{size}", [HostSpec(name="many", domain="many.example.test")])
        with tempfile.TemporaryDirectory() as folder, lab:
            path = _pushed(lab, Path(folder), size)
            with lab.inside():
                took = _median([_read_back(path) for _ in range(runs)])
        rows.append((f"{size:,} endpoints", seconds(took)))
        print(f"  {size} endpoints: {took:.1f} s", file=sys.stderr, flush=True)
    return Table(title="Endpoints of one PBX read back, in one round trip", head=("", "s"), rows=tuple(rows))


def _pushed(lab: Instance, folder: Path, endpoints: int) -> Path:
    host = lab.hosts["many"]
    authority = make_authority()
    (folder / "pki").mkdir()
    (folder / "pki" / "authority.crt").write_bytes(authority.pem)
    authority.issue(names=[host.domain], addresses=[host.address], days=90).write(folder / "pki", "many")
    numbers = range(10000, 10000 + endpoints)
    path = folder / "inventory.yaml"
    head = _MANY.format(key=lab.client_key, known_hosts=lab.known_hosts, address=host.address)
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
        took = time.perf_counter() - started
    wrong = [check.message for check in checks if check.verdict is not Verdict.PASSED]
    if wrong:
        raise SystemExit(f"the PBX of the benchmark is not as pushed: {wrong[0]}")
    return took


def _median(took: Sequence[float]) -> float:
    return statistics.median(took)
