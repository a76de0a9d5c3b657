"""A real scheduler with three workers under TLS: nothing is pushed twice, nothing is lost, and no secret travels."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.behaviour import Behaviour
from benchmarks.simulated_fleet import Confgen, SimulatedHosts
from lab.dask_cluster import DaskCluster, WorkerSpec, free_port
from lab.pki import make_authority

_HOSTS = 60
_LATENCY = 150.0  # milliseconds: a push is seconds, so that something is under way when a party dies
_UNDO_AFTER = 6  # seconds
_ALL_AT_ONCE = ("--batch", "100%", "--max-failures", "1000", "--undo-after", str(_UNDO_AFTER))
_ROOT = Path(__file__).parents[2]
_SENTINEL = "sentinel-4f1d-of-the-worker"
_WORKERS = tuple(
    WorkerSpec(name=f"worker-{number}", threads=4, port=free_port(), environment={"PBX_SECRET": _SENTINEL})
    for number in range(3)
)

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def hosts() -> Iterator[SimulatedHosts]:
    with SimulatedHosts({Behaviour.ANSWERS: _HOSTS}, _LATENCY) as hosts:
        yield hosts


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[DaskCluster]:
    with DaskCluster(tmp_path, _WORKERS, preload="benchmarks.files_worker") as cluster:
        yield cluster


def pushes_since(hosts: SimulatedHosts, before: dict[str, int]) -> list[int]:
    return [count - before.get(address, 0) for address, count in hosts.pushes().items()]


def test_a_worker_that_is_killed_costs_nobody_a_second_push_and_the_rest_is_resumed(
    hosts: SimulatedHosts, cluster: DaskCluster
) -> None:
    run = Confgen(hosts, ["push", *_ALL_AT_ONCE, *cluster.words])
    run.wait_for(15)
    cluster.kill("worker-1")
    cluster.start_worker(_WORKERS[1])  # at the same address, where Dask would have all of it done again
    code, told = run.end()

    lost = told.count("was lost while this PBX was worked on")
    assert (code, 1 <= lost <= 4) == (4, True), told
    assert f"{_HOSTS - lost} proven" in told
    assert max(hosts.pushes().values()) == 1, "no push is begun twice"
    assert "Traceback" not in told

    time.sleep(_UNDO_AFTER + 1)  # the hold of the lost pushes ends
    code, told = Confgen(hosts, ["push", "--resume", *_ALL_AT_ONCE, *cluster.words]).end()
    assert (code, f"{lost} PBX" in told) == (0, True), told
    assert sum(hosts.pushes().values()) <= _HOSTS + lost
    assert Confgen(hosts, ["plan"]).end()[0] == 0, "every host is as it should be"


def test_an_operator_who_stops_leaves_nothing_half_done(hosts: SimulatedHosts, cluster: DaskCluster) -> None:
    before = dict(hosts.pushes())
    run = Confgen(hosts, ["push", *_ALL_AT_ONCE, *cluster.words], edition="3")
    run.wait_for(10)
    run.interrupt()
    code, told = run.end()

    assert (code, "was lost" in told) == (130, False), told
    assert max(pushes_since(hosts, before)) == 1
    assert Confgen(hosts, ["push", "--resume", *_ALL_AT_ONCE, *cluster.words], edition="3").end()[0] == 0
    assert Confgen(hosts, ["plan"], edition="3").end()[0] == 0


def test_a_scheduler_that_is_killed_leaves_each_pbx_old_or_new_and_the_rest_is_resumed(
    hosts: SimulatedHosts, cluster: DaskCluster
) -> None:
    assert Confgen(hosts, ["push", *_ALL_AT_ONCE]).end()[0] == 0  # edition 1, from here
    before = dict(hosts.pushes())
    port = int(cluster.address.rpartition(":")[2])
    run = Confgen(hosts, ["push", *_ALL_AT_ONCE, *cluster.words], edition="2")
    run.wait_for(15)
    cluster.kill("scheduler")
    started = time.monotonic()
    code, told = run.end()

    assert (code, "CLU-06" in told, "--resume" in told) == (4, True, True), told
    assert time.monotonic() - started < 60
    assert "Traceback" not in told
    assert max(pushes_since(hosts, before)) == 1

    time.sleep(_UNDO_AFTER + 1)  # what nobody confirmed has gone back by now
    is_new, is_old = (Confgen(hosts, ["plan"], edition=edition).end()[1] for edition in ("2", "1"))
    assert is_new.count(": unchanged: ") + is_old.count(": unchanged: ") == _HOSTS, "each is wholly old or wholly new"

    cluster.start_scheduler(port=port)
    for spec in _WORKERS:
        cluster.stop(spec.name)
        cluster.start_worker(spec)
    for spec in _WORKERS:
        cluster.wait_for(spec.name)
    code, told = Confgen(hosts, ["push", "--resume", *_ALL_AT_ONCE, *cluster.words], edition="2").end()
    assert code == 0, told
    assert Confgen(hosts, ["plan"], edition="2").end()[0] == 0


def test_a_secret_that_the_worker_resolves_is_seen_by_nobody_else(cluster: DaskCluster, tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir()
    here.mkdir()
    authority = make_authority()
    authority.issue(names=["hq.example.test"]).write(there, "hq")
    (there / "authority.crt").write_bytes(authority.pem)
    (here / "inventory.yaml").write_text(_INVENTORY.format(there=there), encoding="utf-8")
    confgen = [sys.executable, "-m", "confgen", "push", str(here / "inventory.yaml"), "--adopt", *cluster.words]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "XDG_STATE_HOME": str(here), "HOME": str(here)}
    ended = subprocess.run(confgen, capture_output=True, text=True, env=environment, check=False)

    assert ended.returncode == 4, ended.stdout + ended.stderr
    assert "127.0.0.1" in ended.stdout, "all was resolved there, and the host then asked: nothing listens on it"
    assert not (here / "hq.key").exists()
    key = (there / "hq.key").read_text(encoding="ascii").splitlines()[1]
    for secret in (_SENTINEL, key):
        assert secret not in ended.stdout + ended.stderr
        for party in ("scheduler", *(spec.name for spec in _WORKERS)):
            assert secret not in cluster.log(party)
        assert not cluster.holds_in_memory("scheduler", secret.encode())
    assert cluster.holds_in_memory("scheduler", b"PBX_SECRET"), "the name of the reference went through it"

    stranger = tmp_path / "stranger"
    stranger.mkdir()
    crt, key_file = make_authority().issue(names=["stranger.cluster.test"]).write(stranger, "stranger")
    turned_away = subprocess.run(
        [*confgen, "--cluster-cert", str(crt), "--cluster-key", str(key_file)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert turned_away.returncode == 4
    assert "no scheduler at tls://" in turned_away.stderr
    assert "Traceback" not in turned_away.stderr


_INVENTORY = """\
version: 1
cluster: {{secrets: worker, folder: {there}}}
pbxs:
  hq:
    kind: asterisk
    address: 127.0.0.1
    product_version: "22.10.1"
    ssh: {{user: nobody, port: 1}}
    sip: {{domain: hq.example.test}}
    certificate: {{chain: {{file: hq.crt}}, key: {{file: hq.key}}, authority: {{file: authority.crt}}}}
    echo_number: "600"
    extension_defaults: {{secret: {{env: PBX_SECRET}}, permit: [192.0.2.0/24]}}
    extensions: {{"101": {{}}}}
    probe: {{secret: {{env: PBX_SECRET}}, permit: [192.0.2.1]}}
    emergency: {{waived: {{owner: the test, reason: nobody lives there, until: "2099-12-31"}}}}
"""
