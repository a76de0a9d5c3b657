"""What is said of a cluster that cannot be used, before anything is sent."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from confgen.fleet.cluster.connecting import connected
from confgen.fleet.cluster.errors import ClusterUnusable
from confgen.model.cluster import SchedulerAccess

ACCESS = SchedulerAccess(address="tls://127.0.0.1:1")


@pytest.mark.parametrize("address", ["tcp://192.0.2.1:8786", "192.0.2.1:8786", "tls://192.0.2.1", "inproc://x"])
def test_nothing_is_connected_to_without_tls(address: str) -> None:
    with pytest.raises(ClusterUnusable, match="tls://HOST:PORT"), connected(SchedulerAccess(address=address)):
        pass


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterUnusable, match=r"pbx-confgen\[cluster\]"), connected(ACCESS):
        pass


@pytest.mark.filterwarnings("ignore")  # of a library, while it loads
def test_without_certificates_or_with_broken_ones_nothing_is_connected_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DASK_CONFIG", str(tmp_path))
    with pytest.raises(ClusterUnusable, match=r"--cluster-ca.*--cluster-cert"), connected(ACCESS):
        pass
    (tmp_path / "x.crt").write_text("no certificate", encoding="ascii")
    broken = SchedulerAccess(
        address=ACCESS.address, authority=tmp_path / "x.crt", certificate=tmp_path / "x.crt", key=tmp_path / "x.crt"
    )
    with pytest.raises(ClusterUnusable, match="cannot be used"), connected(broken):
        pass
    missing = SchedulerAccess(
        address=ACCESS.address, authority=tmp_path / "a", certificate=tmp_path / "b", key=tmp_path / "c"
    )
    with pytest.raises(ClusterUnusable, match="No such file"), connected(missing):
        pass
