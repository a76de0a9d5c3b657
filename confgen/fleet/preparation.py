"""From an inventory to the documents of one PBX, with its secrets resolved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from confgen import load as loading
from confgen.drivers import DRIVERS, driver_of
from confgen.fleet.opening import Opening, look_at_files, look_at_secrets, look_nowhere
from confgen.fleet.references import all_references, of_api, of_authorities, of_certificate, public_references
from confgen.model.document import HostFile, TemplateSource
from confgen.model.driver import OnHost
from confgen.model.finding import Finding, Severity
from confgen.model.inventory import ClientCertificates
from confgen.model.secret import SecretReference, SecretSource
from confgen.policy.certificate import certificate_findings
from confgen.policy.company import Company
from confgen.policy.judge import judge, weighed_and_waived
from confgen.policy.opened_certificates import opened_certificate_findings
from confgen.render import RenderError, references_of, render
from confgen.render import render_masked as render_sources_masked
from confgen.secrets.resolution import Resolver

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from confgen.load import Loaded
    from confgen.model.bootstrap import Bootstrap
    from confgen.model.document import Document
    from confgen.model.effective import EffectiveValue
    from confgen.model.inventory import Inventory, Pbx
    from confgen.model.secret import Secret


_NOTHING = OnHost(files={})


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
    return _judged(path, look_nowhere, today)


def validate(path: Path, *, with_secrets: bool = False, today: date | None = None) -> Loaded:
    """The same, and what is wrong with certificates that lie in plain files; with everything that can be resolved.

    Errors of what one PBX refers to must not keep others from being pushed to, so that only whoever validates looks.
    """
    return _judged(path, look_at_secrets if with_secrets else look_at_files, today)


def _judged(path: Path, opening: Opening, today: date | None) -> Loaded:
    gathered = gather(path, opening, today)
    loaded = gathered.loaded
    judged = judge(gathered.company, (*loaded.findings, *loaded.unchecked), unseen=gathered.unseen)
    left_alone = frozenset(finding.code for finding in loaded.unchecked)
    # What the policy demands to be looked at is a finding like any other.
    unchecked = [finding for finding in judged if finding.code in left_alone and finding.severity is Severity.NOTE]
    findings = tuple(finding for finding in judged if finding not in unchecked)
    return replace(loaded, findings=findings, unchecked=tuple(unchecked))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """An inventory with what was found before its rules are asked; `unseen` are codes that were not looked for."""

    company: Company
    loaded: Loaded
    unseen: frozenset[str]


def gather(path: Path, opening: Opening, today: date | None) -> Gathered:
    """Read an inventory, and open what it refers to and `opening` looks at."""
    loaded = loading.load_inventory(path, kinds=DRIVERS)
    now = datetime.now(UTC) if today is None else datetime.combine(today, time(12), UTC)
    looked = opening(loaded.inventory)
    traits = {kind: DRIVERS[kind].traits for kind in {pbx.kind for pbx in loaded.inventory.pbxs}}
    company = Company(inventory=loaded.inventory, today=now.date(), traits=traits, opened=looked.opened)
    of_certificates = (
        finding for pbx in company.pbxs for finding in opened_certificate_findings(pbx, looked.opened, now)
    )
    of_values = _values_that_cannot_be_written(company) if looked.opened.has_secrets else ()
    findings = (*loaded.findings, *looked.findings, *of_certificates, *of_values)
    return Gathered(
        company=company,
        loaded=replace(loaded, findings=findings, unchecked=looked.unchecked),
        unseen=looked.unseen,
    )


def _values_that_cannot_be_written(company: Company) -> Iterator[Finding]:
    """The first of each PBX, as a push would find it."""
    for pbx in company.pbxs:
        try:
            render(driver_of(pbx.kind).sources(pbx), company.opened.texts)
        except RenderError as error:
            yield _cannot_be_written(pbx, error)


def effective(path: Path, names: Collection[str]) -> tuple[EffectiveValue, ...]:
    """The values that hold for the PBXs with these names, and where each was said; of an inventory without errors."""
    return loading.load_effective(path, names, kinds=DRIVERS)


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
    references = of_certificate(pbx) | of_authorities(pbx)
    return any(reference.source is SecretSource.ON_HOST for reference in references)


def prepare(inventory: Inventory, pbx: Pbx, on_host: OnHost = _NOTHING, resolver: Resolver | None = None) -> Prepared:
    """Resolve every secret of a PBX, look at its certificate, and render; `on_host` is what its host told."""
    secrets, findings = _resolve(inventory, pbx, all_references(pbx), resolver)
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


def prepare_for_proof(
    inventory: Inventory, pbx: Pbx, on_host: OnHost = _NOTHING, resolver: Resolver | None = None
) -> Prepared:
    """Resolve only what a proof needs: what is public, how the API is asked, and the probe's secret."""
    needed = {*public_references(pbx), *of_api(pbx)}
    if pbx.probe is not None:
        needed.add(pbx.probe.secret)
    own = pbx.own_certificate
    if own is not None and own.client_certificates is ClientCertificates.REQUIRED:
        needed.add(own.key)
    secrets, findings = _resolve(inventory, pbx, needed, resolver)
    return _rendered(inventory, pbx, {**secrets, **on_host.files}, on_host, findings)


def prepare_tools(inventory: Inventory, pbx: Pbx, resolver: Resolver | None = None) -> Prepared:
    """What a push itself needs, for one that has no other documents of the inventory.

    It goes on without what cannot be resolved, and tells.
    """
    documents: list[Document] = []
    findings: list[Finding] = []
    for source in driver_of(pbx.kind).sources(pbx):
        if not isinstance(source, TemplateSource) or not source.is_for_push:
            continue
        secrets, missing = _resolve(inventory, pbx, references_of(source), resolver)
        findings += [replace(finding, severity=Severity.WARNING) for finding in missing]
        documents += () if missing else render([source], secrets)
    return Prepared(documents=tuple(documents), findings=tuple(findings))


def _resolve(
    inventory: Inventory, pbx: Pbx, references: Collection[SecretReference], resolver: Resolver | None
) -> tuple[Mapping[SecretReference, Secret], tuple[Finding, ...]]:
    references = [reference for reference in references if reference.source is not SecretSource.ON_HOST]
    resolved = (resolver or Resolver()).resolve(
        references, folder=Path(inventory.folder), public=public_references(pbx), others=all_references(pbx)
    )
    return resolved.secrets, tuple(
        replace(finding, pbx=pbx.name, place=finding.place or pbx.place) for finding in resolved.findings
    )


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
        return Prepared(documents=(), findings=(*findings, _cannot_be_written(pbx, error)))
    return Prepared(documents=(*documents, *on_host.documents), findings=findings)


def _cannot_be_written(pbx: Pbx, error: RenderError) -> Finding:
    mend = "choose a value without it"
    return Finding(code="SEC-05", message=str(error), mend=mend, place=pbx.place, pbx=pbx.name)


def _today() -> date:
    return datetime.now(UTC).date()
