"""A run on a cluster, from the first look at it to its end."""

from __future__ import annotations

import secrets
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from confgen.fleet.cluster import muster
from confgen.fleet.cluster.connecting import connected
from confgen.fleet.cluster.executor import Cluster
from confgen.fleet.cluster.parcel import Greeting
from confgen.model.driver import PushRefused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from confgen.fleet.cluster.link import Link
    from confgen.fleet.cluster.roster import Worker
    from confgen.model.cluster import SchedulerAccess
    from confgen.model.finding import Finding
    from confgen.model.inventory import Inventory, Pbx


@contextmanager
def on_cluster(access: SchedulerAccess, inventory: Inventory, pbxs: Sequence[Pbx]) -> Iterator[Cluster]:
    """The workers of the PBXs' sites, for as long as the run takes.

    PushRefused, before anything is begun, with all that is in the way; ClusterUnusable, ClusterUnreachable.
    """
    _refuse(list(muster.unfit(inventory, pbxs)))
    with connected(access) as link:
        run = secrets.token_hex(8)
        sites = frozenset(pbx.site for pbx in pbxs)
        workers = _greeted(link, run, pbxs, sites)
        folder = inventory.cluster.folder or str(Path(inventory.folder).absolute())
        cluster = Cluster(link, run, workers, sites=sites, folder=folder, welcome=_is_welcome)
        link.listen(run, cluster.step)
        cluster.begin()
        try:
            yield cluster
        finally:
            cluster.end()


def _greeted(link: Link, run: str, pbxs: Sequence[Pbx], sites: Collection[str | None]) -> list[Worker]:
    """The workers that are needed, each with the token of its greeting."""
    needed = [
        worker for worker in link.workers().values() if worker.is_running and any(worker.serves(site) for site in sites)
    ]
    _refuse(list(muster.in_clear(needed)))
    findings = list(muster.absent(pbxs, needed))
    asked = time.monotonic()
    greetings = link.greet(run, [worker.address for worker in needed])
    findings += muster.strange(link.scheduler(), greetings)
    _refuse(findings)
    return [
        worker.greeted(greeting, asked)
        for worker in needed
        if isinstance(greeting := greetings[worker.address], Greeting)
    ]


def _is_welcome(greeting: Greeting) -> bool:
    """One that comes later, and with which the run would have begun."""
    return muster.why_not(greeting) is None and muster.is_encrypted(greeting)


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise PushRefused(*findings)
