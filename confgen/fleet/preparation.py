"""From an inventory to the documents of one PBX, with its secrets resolved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from confgen import load as loading
from confgen.drivers import DRIVERS, driver_of
from confgen.model.document import HostFile, TemplateSource
from confgen.model.driver import OnHost
from confgen.model.finding import Finding, Severity
from confgen.model.inventory import ClientCertificates
from confgen.model.secret import SecretReference, SecretSource
from confgen.policy.certificate import certificate_findings
from confgen.policy.company import Company
from confgen.policy.judge import judge, weighed_and_waived
from confgen.render import RenderError, references_of, render
from confgen.render import render_masked as render_sources_masked
from confgen.secrets.resolution import resolve

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from confgen.load import Loaded
    from confgen.model.bootstrap import Bootstrap
    from confgen.model.document import Document
    from confgen.model.effective import EffectiveValue
    from confgen.model.inventory import Inventory, Pbx
    from confgen.model.secret import Secret


_NOTHING = OnHost(files={})
_SEEN_WITH_SECRETS = frozenset({"CERT-07", "SEC-04"})  # by rules whose findings come up when secrets are resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a PBX should have, and what stands in the way of giving it."""

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings with which nothing may be pushed."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)


def load(path: Path, *, today: date | None = None) -> Loaded:
    """Read an inventory with every finding, those of the drivers and of the policy included."""
    loaded = loading.load_inventory(path, kinds={driver.kind: driver for driver in DRIVERS})
    traits = {driver.kind: driver.traits for driver in DRIVERS}
    company = Company(inventory=loaded.inventory, today=today or _today(), traits=traits)
    return replace(loaded, findings=judge(company, loaded.findings, unseen=_SEEN_WITH_SECRETS))


def effective(path: Path, names: Collection[str]) -> tuple[EffectiveValue, ...]:
    """The values that hold for the PBXs with these names, and where each was said; of an inventory without errors."""
    return loading.load_effective(path, names, kinds={driver.kind: driver for driver in DRIVERS})


def bootstrap(pbx: Pbx, wanted: Bootstrap) -> str:
    """What root runs on the PBX's host once, so that plans can be saved, and a user may push there through sudo."""
    return driver_of(pbx.kind).bootstrap(pbx, wanted)


def render_masked(pbx: Pbx) -> Mapping[str, str]:
    """Texts by key with placeholders for all that is referred to; needs nothing but the inventory."""
    return render_sources_masked(driver_of(pbx.kind).sources(pbx))


def render_revealed(inventory: Inventory, pbx: Pbx) -> tuple[Mapping[str, str], tuple[Finding, ...]]:
    """Texts by key as the PBX would get them, and what is wrong with them."""
    prepared = prepare(inventory, pbx)
    texts = {document.key: document.reveal() for document in prepared.documents if document.content is not None}
    return texts, prepared.findings


def has_files_on_host(pbx: Pbx) -> bool:
    """Whether its host must be asked before anything can be rendered."""
    if driver_of(pbx.kind).traits.is_asked_by_api:
        return False
    if pbx.migration is not None:
        return True
    references = _of_certificate(pbx) | _authorities(pbx)
    return any(reference.source is SecretSource.ON_HOST for reference in references)


def prepare(inventory: Inventory, pbx: Pbx, on_host: OnHost = _NOTHING) -> Prepared:
    """Resolve every secret of a PBX, look at its certificate, and render; `on_host` is what its host told."""
    secrets, findings = _resolve(inventory, pbx, all_references(pbx))
    known: dict[SecretReference, Secret | HostFile] = {**secrets, **on_host.files}
    return _rendered(inventory, pbx, known, on_host, (*findings, *_certificate_findings(pbx, known)))


def _certificate_findings(pbx: Pbx, known: Mapping[SecretReference, Secret | HostFile]) -> tuple[Finding, ...]:
    """What is wrong with the certificate that the PBX is given; nothing where it gets one by itself."""
    own = pbx.own_certificate
    if own is None:
        return ()
    chain, key, authority = (known.get(reference) for reference in (own.chain, own.key, own.authority))
    if chain is None or key is None or authority is None:
        return ()
    return certificate_findings(
        pbx,
        chain=_text(chain),
        key=key if isinstance(key, HostFile) else key.reveal(),
        authority=_text(authority),
        now=datetime.now(UTC),
    )


def _text(known: Secret | HostFile) -> str:
    if isinstance(known, HostFile):
        return "" if known.text is None else known.text.reveal()
    return known.reveal()


def prepare_for_proof(inventory: Inventory, pbx: Pbx, on_host: OnHost = _NOTHING) -> Prepared:
    """Resolve only what a proof needs: what is public, how the API is asked, and the probe's secret."""
    needed = {*_public(pbx), *_of_api(pbx)}
    if pbx.probe is not None:
        needed.add(pbx.probe.secret)
    own = pbx.own_certificate
    if own is not None and own.client_certificates is ClientCertificates.REQUIRED:
        needed.add(own.key)
    secrets, findings = _resolve(inventory, pbx, needed)
    return _rendered(inventory, pbx, {**secrets, **on_host.files}, on_host, findings)


def prepare_tools(inventory: Inventory, pbx: Pbx) -> Prepared:
    """What a push itself needs, for one that has no other documents of the inventory.

    It goes on without what cannot be resolved, and tells.
    """
    documents: list[Document] = []
    findings: list[Finding] = []
    for source in driver_of(pbx.kind).sources(pbx):
        if not isinstance(source, TemplateSource) or not source.is_for_push:
            continue
        secrets, missing = _resolve(inventory, pbx, references_of(source))
        findings += [replace(finding, severity=Severity.WARNING) for finding in missing]
        documents += () if missing else render([source], secrets)
    return Prepared(documents=tuple(documents), findings=tuple(findings))


def _resolve(
    inventory: Inventory, pbx: Pbx, references: Collection[SecretReference]
) -> tuple[Mapping[SecretReference, Secret], tuple[Finding, ...]]:
    references = [reference for reference in references if reference.source is not SecretSource.ON_HOST]
    resolved = resolve(references, folder=Path(inventory.folder), public=_public(pbx), others=all_references(pbx))
    return resolved.secrets, tuple(replace(finding, pbx=pbx.name, place=pbx.place) for finding in resolved.findings)


def _rendered(
    inventory: Inventory,
    pbx: Pbx,
    known: Mapping[SecretReference, Secret | HostFile],
    on_host: OnHost,
    findings: tuple[Finding, ...],
) -> Prepared:
    findings = weighed_and_waived((*findings, *on_host.findings), inventory.policy, today=_today())
    try:
        documents = render(driver_of(pbx.kind).sources(pbx), known)
    except RenderError as error:
        refused = Finding(
            code="SEC-05", message=str(error), mend="choose a value without it", place=pbx.place, pbx=pbx.name
        )
        return Prepared(documents=(), findings=(*findings, refused))
    return Prepared(documents=(*documents, *on_host.documents), findings=findings)


def _today() -> date:
    return datetime.now(UTC).date()


def all_references(pbx: Pbx) -> frozenset[SecretReference]:
    """All that is resolved for a PBX, whatever for."""
    found = {*_of_certificate(pbx), *_of_api(pbx), *_authorities(pbx)}
    found.update(extension.own_secret for extension in pbx.extensions if extension.own_secret is not None)
    found.update(trunk.secret for trunk in pbx.trunks)
    found.update(trunk.account.secret for trunk in pbx.provider_trunks if trunk.account is not None)
    if pbx.probe is not None:
        found.add(pbx.probe.secret)
    if pbx.ami is not None:
        found.update(user.secret for user in pbx.ami.users)
    if pbx.product is not None:
        found.update(pbx.product.references)
    return frozenset(found)


def _public(pbx: Pbx) -> frozenset[SecretReference]:
    """Certificates, which everyone may read."""
    own, api = pbx.own_certificate, pbx.api
    certificates = () if own is None else (own.chain, own.authority)
    of_api = () if api is None or api.authority is None else (api.authority,)
    return frozenset({*certificates, *of_api, *_authorities(pbx)})


def _of_certificate(pbx: Pbx) -> frozenset[SecretReference]:
    own = pbx.own_certificate
    return frozenset(() if own is None else (own.chain, own.key, own.authority))


def _of_api(pbx: Pbx) -> frozenset[SecretReference]:
    if pbx.api is None:
        return frozenset()
    return frozenset(reference for reference in (pbx.api.secret, pbx.api.authority) if reference is not None)


def _authorities(pbx: Pbx) -> frozenset[SecretReference]:
    """Those of providers, and of peers where the PBX is told them with the trunk."""
    of_providers = (trunk.provider.authority for trunk in pbx.provider_trunks)
    of_peers = (trunk.peer_authority for trunk in pbx.trunks)
    return frozenset(authority for authority in (*of_providers, *of_peers) if authority is not None)
