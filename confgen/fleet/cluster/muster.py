"""What is in the way of a run on a cluster, told before anything begins. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen import __version__
from confgen.drivers import driver_of
from confgen.fleet.cluster.parcel import Greeting
from confgen.fleet.cluster.roster import TLS
from confgen.fleet.references import all_references
from confgen.model.cluster import SITE_RESOURCE
from confgen.model.driver import Lock
from confgen.model.finding import Finding
from confgen.model.secret import SecretSource
from confgen.model.words import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from confgen.fleet.cluster.roster import Worker
    from confgen.model.inventory import Inventory, Pbx

_MOST = 4  # PBXs or workers that are named


def unfit(inventory: Inventory, pbxs: Sequence[Pbx]) -> Iterator[Finding]:
    """PBXs that no worker could work on, whoever is there."""
    if not inventory.cluster.resolves_secrets:
        needing = [pbx for pbx in pbxs if _has_secrets(pbx)]
        if needing:
            yield Finding(
                code="CLU-03",
                message=f"secrets of {_named(needing)} would be resolved here, and do not travel through a cluster",
                mend="write `cluster: {secrets: worker}` in the inventory, and let each worker have what it refers to",
                place=needing[0].place,
            )
    kept_here = [pbx for pbx in pbxs if driver_of(pbx.kind).guarantees.lock is Lock.OPERATOR]
    if kept_here:
        yield Finding(
            code="CLU-05",
            message=f"the lock and the undo of {_named(kept_here)} lie on the machine that pushes",
            mend="leave --scheduler out for them: `--limit` chooses PBXs",
            place=kept_here[0].place,
        )


def absent(pbxs: Sequence[Pbx], workers: Collection[Worker]) -> Iterator[Finding]:
    """Sites of which no worker is there."""
    sites: dict[str | None, list[Pbx]] = {}
    for pbx in pbxs:
        sites.setdefault(pbx.site, []).append(pbx)
    for site, of_site in sites.items():
        if any(worker.serves(site) for worker in workers):
            continue
        first = of_site[0]
        if site is None:
            message = f"{_named(of_site)} has no site, and each worker of the cluster is of one"
            mend = "give it a `site`, or start a worker without one"
        else:
            message = f"no worker of the cluster is of the site {site}, for {_named(of_site)}"
            mend = f"start one there: `dask worker --resources {SITE_RESOURCE}{site}=8 …`"
        yield Finding(code="CLU-01", message=message, mend=mend, place=first.place_of("site"))


def strange(scheduler: Greeting | str, greetings: Mapping[str, Greeting | str]) -> Iterator[Finding]:
    """Parties that have another confgen than this one, or that could speak without TLS."""
    parties = {"the scheduler": scheduler, **{f"the worker {name}": told for name, told in greetings.items()}}
    others = [(name, why) for name, told in parties.items() if (why := why_not(told))]
    if others:
        told = listed([f"{name}: {why}" for name, why in others], _MOST)
        yield Finding(
            code="CLU-02",
            message=f"not every party of the cluster has confgen {__version__}: {told}",
            mend="install the same version here, on the scheduler and on each worker",
        )
    clear = [name for name, told in parties.items() if isinstance(told, Greeting) and not is_encrypted(told)]
    if clear:
        yield _clear(f"{listed(clear, _MOST)} would also speak without TLS")


def in_clear(workers: Collection[Worker]) -> Iterator[Finding]:
    """Workers that are spoken to without TLS; they are not even greeted."""
    clear = [worker.address for worker in workers if not worker.is_spoken_to_over_tls]
    if clear:
        yield _clear(f"{listed(clear, _MOST)}: a worker of the cluster that is spoken to without TLS")


def _clear(message: str) -> Finding:
    return Finding(
        code="CLU-04",
        message=message,
        mend="give it certificates, and set `distributed.comm.require-encryption: true` there",
    )


def why_not(told: Greeting | str) -> str | None:
    """Why this party is not of this run."""
    if isinstance(told, str):
        return told
    return None if told.version == __version__ else f"it has {told.version}"


def is_encrypted(told: Greeting) -> bool:
    """Whether it demands TLS of everybody, and all its addresses have it."""
    return told.demands_encryption and all(address.startswith(TLS) for address in told.addresses)


def _has_secrets(pbx: Pbx) -> bool:
    return any(reference.source is not SecretSource.ON_HOST for reference in all_references(pbx))


def _named(pbxs: Sequence[Pbx]) -> str:
    return listed([pbx.name for pbx in pbxs], _MOST)
