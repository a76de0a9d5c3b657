"""Drafts to the model: what is whole is built, what is not has a finding already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confgen.load.settings import is_reference, place_at, usable_at, value_at
from confgen.load.yaml_tree import REFUSED, YamlMapping, YamlSequence, place_of
from confgen.model.check import Level, Vantage
from confgen.model.inventory import (
    Certificate,
    ClientCertificates,
    Extension,
    MediaEncryption,
    Pbx,
    PortRange,
    Probe,
    Route,
    SshAccess,
    TlsVersion,
    TrunkEnd,
    Verification,
)
from confgen.model.secret import SecretReference, SecretSource
from confgen.model.version import ProductVersion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.load.drafts import Drafts, ExtensionDraft, PbxDraft, TrunkDraft


def built(drafts: Drafts) -> Iterator[Pbx]:
    """Every PBX that has all it needs, with those of its extensions, trunks and routes that have."""
    for draft in drafts.pbxs.values():
        pbx = _pbx(draft, drafts)
        if pbx is not None:
            yield pbx


def _pbx(draft: PbxDraft, drafts: Drafts) -> Pbx | None:
    settings = draft.settings
    kind, version, address = (usable_at(settings, key) for key in ("kind", "product_version", "address"))
    domain = usable_at(settings, "sip", "domain")
    certificate = _certificate(draft)
    if None in (kind, version, address, domain) or certificate is None:
        return None
    trunks = tuple(end for trunk in draft.trunks if (end := _trunk_end(trunk, draft, drafts)) is not None)
    return Pbx(
        name=draft.name,
        kind=kind,
        groups=draft.groups,
        product_version=ProductVersion.parse(str(version)),
        ssh=_ssh(settings, address),
        domain=domain,
        bind=tuple(usable_at(settings, "sip", "bind")),
        sip_port=usable_at(settings, "sip", "port"),
        tls_versions=frozenset(map(TlsVersion, usable_at(settings, "sip", "tls_versions"))),
        rtp_ports=_port_range(usable_at(settings, "rtp", "ports")),
        certificate=certificate,
        extensions=tuple(_extensions(draft)),
        trunks=trunks,
        routes=tuple(_routes(settings, {trunk.name for trunk in trunks})),
        echo_number=usable_at(settings, "echo_number"),
        probe=_probe(draft),
        verification=Verification(
            vantage=Vantage(usable_at(settings, "verify", "from")),
            levels=frozenset(map(Level, usable_at(settings, "verify", "levels"))),
        ),
        place=draft.place,
    )


def _ssh(settings: YamlMapping, address: str) -> SshAccess:
    user, port, host_key, known_hosts, identity_file = (
        usable_at(settings, "ssh", key) for key in ("user", "port", "host_key", "known_hosts", "identity_file")
    )
    return SshAccess(
        address=address,
        user=user,
        port=port,
        host_key=host_key,
        known_hosts=known_hosts,
        identity_file=identity_file,
    )


def _port_range(text: str) -> PortRange:
    first, last = map(int, text.split("-"))
    return PortRange(first=first, last=last)


def _certificate(draft: PbxDraft) -> Certificate | None:
    chain, key, authority = (
        reference(value_at(draft.settings, "certificate", part), pbx=draft.name)
        for part in ("chain", "key", "authority")
    )
    if chain is None or key is None or authority is None:
        return None
    return Certificate(
        chain=chain,
        key=key,
        authority=authority,
        client_certificates=ClientCertificates(usable_at(draft.settings, "certificate", "client_certificates")),
    )


def _extensions(draft: PbxDraft) -> Iterator[Extension]:
    common = usable_at(draft.settings, "extension_defaults")
    for extension in draft.extensions:
        if extension.written is not REFUSED:
            yield from _extension(extension, draft.name, common)


def _extension(extension: ExtensionDraft, pbx: str, common: Any) -> Iterator[Extension]:  # noqa: ANN401
    settings = {"extension": {**(common or {}), **(extension.written or {})}}
    name, media_encryption, codecs, permit, contacts = (
        usable_at(settings, "extension", key) for key in ("name", "media_encryption", "codecs", "permit", "contacts")
    )
    for number in extension.numbers:
        secret = reference(settings["extension"].get("secret"), pbx=pbx, extension=number)
        if secret is not None:
            yield Extension(
                number=number,
                display_name=name,
                secret=secret,
                media_encryption=MediaEncryption(media_encryption),
                codecs=codecs,
                permit=permit,
                contacts=contacts,
                place=extension.place,
            )


def _trunk_end(trunk: TrunkDraft, draft: PbxDraft, drafts: Drafts) -> TrunkEnd | None:
    if trunk.ends is None:
        return None
    one, other = trunk.ends
    peer = drafts.pbxs.get(other if draft.name == one else one)
    if peer is None:
        return None
    domain, address = usable_at(peer.settings, "sip", "domain"), usable_at(peer.settings, "address")
    secret = reference(trunk.written.get("secret"), trunk=trunk.name)
    if domain is None or address is None or secret is None:
        return None
    return TrunkEnd(
        name=trunk.name,
        peer=peer.name,
        peer_domain=domain,
        peer_port=usable_at(peer.settings, "sip", "port"),
        peer_address=address,
        peer_echo=usable_at(peer.settings, "echo_number"),
        secret=secret,
        codecs=usable_at({"trunk": trunk.written}, "trunk", "codecs"),
        place=trunk.place,
    )


def _routes(settings: YamlMapping, trunks: set[str]) -> Iterator[Route]:
    routes = settings.get("routes")
    if not isinstance(routes, YamlSequence):
        return
    for route, mark in zip(routes, routes.marks, strict=True):
        if isinstance(route, YamlMapping) and isinstance(route["numbers"], str) and route["trunk"] in trunks:
            yield Route(numbers=route["numbers"], trunk=route["trunk"], place=place_of(mark))


def _probe(draft: PbxDraft) -> Probe | None:
    secret = reference(value_at(draft.settings, "probe", "secret"), pbx=draft.name)
    permit = usable_at(draft.settings, "probe", "permit")
    if secret is None or permit is None:
        return None
    return Probe(
        name=usable_at(draft.settings, "probe", "name"),
        secret=secret,
        permit=permit,
        place=place_at(draft.settings, "probe") or draft.place,
    )


def reference(written: object, **names: str) -> SecretReference | None:
    """The reference with its placeholders filled in; None where there is none that can be used."""
    if not isinstance(written, YamlMapping) or not is_reference(written) or len(written) != 1:
        return None
    ((source, value),) = written.items()
    words = value if isinstance(value, YamlSequence) else (value,)
    if not all(isinstance(word, str) for word in words):
        return None
    return SecretReference(SecretSource(source), tuple(_filled(word, names) for word in words))


def _filled(word: str, names: dict[str, str]) -> str:
    if "{" in word:
        for name, text in names.items():
            word = word.replace(f"{{{name}}}", text)
    return word
