"""`cluster:` of an inventory, from what is written to the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.settings import given_at
from confgen.model.cluster import ClusterUse

if TYPE_CHECKING:
    from confgen.load.yaml_tree import YamlMapping


def cluster_use(root: YamlMapping) -> ClusterUse:
    """What of it is whole; what is not has a finding already."""
    return ClusterUse(
        resolves_secrets=given_at(root, "cluster", "secrets") is not None, folder=given_at(root, "cluster", "folder")
    )
