"""A run on a cluster; what it needs is loaded by nobody who works from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from confgen.fleet.places import Places
    from confgen.model.cluster import SchedulerAccess
    from confgen.model.inventory import Inventory, Pbx


def on_cluster(access: SchedulerAccess, inventory: Inventory, pbxs: Sequence[Pbx]) -> AbstractContextManager[Places]:
    """The workers of the PBXs' sites, as an executor for as long as the block takes.

    PushRefused, before anything is begun, with all that is in the way; ClusterUnusable where what was said of the
    cluster does not do, ClusterUnreachable where no scheduler answers.
    """
    from confgen.fleet.cluster import begun  # noqa: PLC0415

    return begun.on_cluster(access, inventory, pbxs)
