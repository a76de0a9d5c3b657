"""An inventory from its files to the model, with every finding at once."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.load.build import built
from confgen.load.cluster import cluster_use
from confgen.load.completeness import missing_values
from confgen.load.drafts import drafts_of
from confgen.load.effective import effective_values
from confgen.load.extensions_from import lay_in_tables
from confgen.load.includes import read_files
from confgen.load.policy import policy
from confgen.load.references import faults_of_references
from confgen.load.schema_findings import refuse_what_violates
from confgen.load.sections import joined
from confgen.load.sources import Sources, digest
from confgen.load.written_values import refuse_wrong_values
from confgen.model.inventory import Inventory

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from confgen.load.drafts import Drafts
    from confgen.load.kinds import Product
    from confgen.load.yaml_tree import Tree, YamlMapping
    from confgen.model.cluster import ClusterUse
    from confgen.model.effective import EffectiveValue
    from confgen.model.finding import Finding
    from confgen.model.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What could be built, and everything that is wrong; an inventory with errors is for looking at only.

    `unchecked` are notes of what was not looked at: they are no fault of the inventory.
    """

    inventory: Inventory
    findings: tuple[Finding, ...]
    unchecked: tuple[Finding, ...] = ()


def load_inventory(path: Path, *, kinds: Mapping[str, Product]) -> Loaded:
    """Read a file or a folder; `kinds` tells of each kind of PBX what it is like, and what it cannot do."""
    with _collector_paused():
        gathered = _gathered(path, kinds)
        pbxs = tuple(built(gathered.drafts))
    findings = list(gathered.findings)
    for pbx in pbxs:
        findings += kinds[pbx.kind].findings(pbx)
    folder = path if path.is_dir() else path.parent
    inventory = Inventory(
        pbxs=pbxs,
        folder=str(folder),
        digest=digest(gathered.sources.files),
        policy=gathered.policy,
        cluster=gathered.cluster,
    )
    return Loaded(inventory=inventory, findings=_in_order(findings))


def load_effective(path: Path, names: Collection[str], *, kinds: Mapping[str, Product]) -> tuple[EffectiveValue, ...]:
    """What holds for the PBXs with these names, and where that is said; of an inventory without errors."""
    with _collector_paused():
        gathered = _gathered(path, kinds)
        tables = {source.name for source in gathered.sources.files} - {tree.place.file for tree in gathered.trees}
        return tuple(effective_values(gathered.drafts, gathered.root, names, tables))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """An inventory as it was written, judged, and put together."""

    sources: Sources
    trees: tuple[Tree, ...]
    root: YamlMapping
    drafts: Drafts
    policy: Policy
    cluster: ClusterUse
    findings: tuple[Finding, ...]


def _gathered(path: Path, kinds: Mapping[str, Product]) -> _Gathered:
    sources = Sources(path)
    files = read_files(path, sources)
    findings = list(files.findings)
    for tree, folder in zip(files.trees, files.folders, strict=True):
        findings += lay_in_tables(tree.root, folder, sources)
        findings += refuse_what_violates(tree)
    root, more = joined(files.trees)
    findings += more
    findings += refuse_wrong_values(root)
    drafts = drafts_of(root, kinds)
    findings += drafts.findings
    findings += faults_of_references(drafts, root)
    for draft in drafts.pbxs.values():
        findings += missing_values(draft)
    return _Gathered(
        sources=sources,
        trees=files.trees,
        root=root,
        drafts=drafts,
        policy=policy(root),
        cluster=cluster_use(root),
        findings=tuple(findings),
    )


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once: what is wrong in `defaults` is wrong for every PBX, and said of the first."""
    once: dict[object, Finding] = {}
    for finding in sorted(findings, key=lambda finding: finding.sort_key()):
        once.setdefault((finding.code, finding.place, finding.message), finding)
    return tuple(once.values())


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Millions of values that all stay make the collector look at each of them again and again, in vain."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
