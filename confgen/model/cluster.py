"""How the fleet is worked on from the workers of a Dask cluster."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SITE_RESOURCE = "site-"  # and the name of a site: the resource that its workers have


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterUse:
    """What the inventory says of workers; `folder` is its own on a worker, None where it is the same as here."""

    resolves_secrets: bool = False
    folder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerAccess:
    """How the scheduler is reached; what is None is what distributed's own configuration says."""

    address: str  # tls://HOST:PORT
    authority: Path | None = None  # PEM; who has a certificate of it belongs to the cluster
    certificate: Path | None = None
    key: Path | None = None
