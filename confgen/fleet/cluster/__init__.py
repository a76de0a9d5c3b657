"""The fleet on the workers of an existing Dask cluster: TLS between all parties, and nothing begun twice."""

from __future__ import annotations

from confgen.fleet.cluster.begun import on_cluster
from confgen.fleet.cluster.errors import ClusterUnreachable, ClusterUnusable

__all__ = ["ClusterUnreachable", "ClusterUnusable", "on_cluster"]
