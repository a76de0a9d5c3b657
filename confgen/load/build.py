"""Drafts to the model: what is whole is built, what is not has a finding already."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from confgen.load.by_kind import gets_its_certificate, levels, tls_versions
from confgen.load.dialling import channels, dialling, emergency, forwards, ring_groups, routes
from confgen.load.kinds import knows
from confgen.load.migration import migration
from confgen.load.peer_trunk import peer_trunk
from confgen.load.place_of_settings import places
from confgen.load.product import api, product_settings
from confgen.load.provider import provider_trunk
from confgen.load.secret_references import reference
from confgen.load.settings import BUILT_IN, given_at, place_at, usable_at, usable_items, value_at
from confgen.load.yaml_tree import REFUSED, YamlMapping, YamlSequence, marked_items, place_of
from confgen.model.check import Vantage
from confgen.model.inventory import (
    Ami,
    AmiUser,
    Certificate,
    ClientCertificates,
    DigestAlgorithm,
    Extension,
    HttpServer,
    Include,
    Installation,
    JumpHost,
    MediaEncryption,
    Nat,
    Part,
    Pbx,
    PortRange,
    Probe,
    SshAccess,
    TrunkEnd,
    Verification,
)
from confgen.model.version import ProductVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from confgen.load.drafts import Drafts, ExtensionDraft, PbxDraft


def built(drafts: Drafts) -> Iterator[Pbx]:
    """Every PBX that has all it needs, with those of its extensions, trunks and routes that have."""
    pbxs = {draft.name: pbx for draft in drafts.pbxs.values() if (pbx := _pbx(draft, drafts)) is not None}
    for pbx in pbxs.values():
        trunks = tuple(_with_digest(end, pbx, pbxs.get(end.peer)) for end in pbx.trunks)
        yield replace(pbx, trunks=trunks) if trunks else pbx


def _with_digest(end: TrunkEnd, pbx: Pbx, peer: Pbx | None) -> TrunkEnd:
    """What both ends of a trunk are challenged with: as much as both of them ask of everybody."""
    digests = {pbx.default_digest, DigestAlgorithm.MD5 if peer is None else peer.default_digest}
    return replace(end, digest=digests.pop() if len(digests) == 1 else DigestAlgorithm.MD5)


def _pbx(draft: PbxDraft, drafts: Drafts) -> Pbx | None:
    settings = draft.settings
    kind, version, address = (usable_at(settings, key) for key in ("kind", "product_version", "address"))
    domain = usable_at(settings, "sip", "domain")
    certificate = _certificate(draft)
    if None in (kind, version, address, domain) or (certificate is None and not gets_its_certificate(draft)):
        return None
    trunks = tuple(end for trunk in draft.trunks if (end := peer_trunk(trunk, draft, drafts)) is not None)
    to_providers = tuple(
        trunk
        for written in draft.provider_trunks
        if (trunk := provider_trunk(written, drafts, pbx=draft.name)) is not None
    )
    lines = channels(settings)
    names = {*(trunk.name for trunk in trunks), *(trunk.name for trunk in to_providers)}
    manages = _managed(usable_at(settings, "manage"), draft.traits.parts)
    return Pbx(
        name=draft.name,
        kind=kind,
        groups=draft.groups,
        product_version=_version(str(version)),
        ssh=_ssh(settings, address),
        domain=domain,
        bind=tuple(usable_at(settings, "sip", "bind")),
        sip_port=usable_at(settings, "sip", "port"),
        tls_versions=tls_versions(draft),
        rtp_ports=_rtp_ports(draft, manages),
        own_certificate=certificate,
        extensions=tuple(_extensions(draft)),
        trunks=trunks,
        routes=tuple(routes(settings, names, lines)),
        echo_number=usable_at(settings, "echo_number"),
        probe=_probe(draft),
        verification=Verification(
            vantage=Vantage(usable_at(settings, "verify", "from")),
            levels=levels(draft),
        ),
        manages=manages,
        installation=_installation(settings),
        includes=tuple(_includes(settings)),
        modules=usable_at(settings, "modules"),
        nat=_nat(settings),
        ami=_ami(settings, draft.name),
        http=_http(settings),
        provider_port=usable_at(settings, "sip", "provider_port"),
        provider_trunks=to_providers,
        channels=tuple(lines.values()),
        ring_groups=tuple(ring_groups(settings)),
        dialling=dialling(settings),
        blocked=usable_at(settings, "blocked"),
        emergency=emergency(settings, names, lines),
        migration=migration(settings),
        api=api(draft, domain),
        product=product_settings(draft),
        site=usable_at(settings, "site"),
        places=places(settings),
        demands_tls_of_phones=draft.traits.demands_tls_of_phones,
        place=draft.place,
    )


def _ssh(settings: YamlMapping, address: str) -> SshAccess:
    return SshAccess(
        address=address,
        jump_hosts=_jump_hosts(value_at(settings, "ssh", "jump_hosts")),
        uses_sudo=usable_at(settings, "ssh", "sudo") is True,
        **_access(value_at(settings, "ssh")),
    )


def _jump_hosts(written: object) -> tuple[JumpHost, ...] | None:
    """None where nothing is said; an empty list says that there are none."""
    if not isinstance(written, YamlSequence):
        return None
    addresses = ((given_at(jump, "address"), jump) for jump in written)
    return tuple(JumpHost(address=address, **_access(jump)) for address, jump in addresses if address is not None)


def _access(written: object) -> dict[str, Any]:
    keys = ("user", "port", "host_key", "known_hosts", "identity_file")
    return {key: given_at(written, key) for key in keys}


def _installation(settings: YamlMapping) -> Installation:
    keys = ("service", "binary", "configuration", "user")
    return Installation(**{key: usable_at(settings, "installation", key) for key in keys})


def _includes(settings: YamlMapping) -> Iterator[Include]:
    written = value_at(settings, "include")
    if not isinstance(written, YamlMapping):
        return
    for key, files in written.items():
        if isinstance(files, YamlSequence):
            for file, place in marked_items(files):
                if isinstance(file, str):
                    yield Include(key=key, file=file, place=place)


def _nat(settings: YamlMapping) -> Nat | None:
    external, local = (usable_at(settings, "nat", key) for key in ("external_address", "local_networks"))
    return None if external is None or local is None else Nat(external_address=external, local_networks=local)


def _ami(settings: YamlMapping, pbx: str) -> Ami | None:
    bind, written = (usable_at(settings, "ami", key) for key in ("bind", "users"))
    if bind is None or not isinstance(written, YamlMapping):
        return None
    users = []
    for name, user in written.items():
        secret = reference(value_at(user, "secret"), pbx=pbx, user=name)
        permit = given_at(user, "permit")
        if secret is not None and permit is not None:
            users.append(
                AmiUser(
                    name=name,
                    secret=secret,
                    permit=permit,
                    read=given_at(user, "read") or (),
                    write=given_at(user, "write") or (),
                    place=place_of(written.key_mark(name)),
                )
            )
    return Ami(bind=bind, port=usable_at(settings, "ami", "port"), users=tuple(users))


def _http(settings: YamlMapping) -> HttpServer | None:
    bind = usable_at(settings, "http", "bind")
    return None if bind is None else HttpServer(bind=bind, port=usable_at(settings, "http", "port"))


def _rtp_ports(draft: PbxDraft, manages: frozenset[Part]) -> PortRange | None:
    """Those of a PBX whose media is its own are what it says, unless the inventory says what they must be."""
    settings = draft.settings
    if not knows(draft.kind, "rtp") or (Part.MEDIA not in manages and given_at(settings, "rtp", "ports") is None):
        return None
    return _port_range(usable_at(settings, "rtp", "ports"))


# Thousands of PBXs have these in common, and hold one of each between them.


@lru_cache
def _managed(names: tuple[str, ...], known: frozenset[Part]) -> frozenset[Part]:
    return frozenset(map(Part, names)) & known


@lru_cache
def _version(text: str) -> ProductVersion:
    return ProductVersion.parse(text)


@lru_cache
def _port_range(text: str) -> PortRange:
    first, last = map(int, text.split("-"))
    return PortRange(first=first, last=last)


def _certificate(draft: PbxDraft) -> Certificate | None:
    if gets_its_certificate(draft):
        return None
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
    nothing = dict.fromkeys(("name", "secret", "forward", "outside_number", "context"))
    common = nothing | _meant(BUILT_IN["extension"]) | _meant(draft.settings.get("extension_defaults"))
    for extension in draft.extensions:
        if extension.written is not REFUSED:
            yield from _extension(extension, draft, common)


def _meant(written: object) -> dict[str, Any]:
    """What can be used of the settings of extensions, as the model has it; once for all numbers that share it."""
    found: dict[str, Any] = {}
    if isinstance(written, dict):
        for key, value in written.items():
            if isinstance(value, YamlSequence):
                found[key] = usable_items(value)
            elif value is not REFUSED:
                meaning = _MEANINGS.get(key)
                found[key] = value if meaning is None else meaning(value)
    return found


_MEANINGS: Mapping[str, Callable[[Any], Any]] = {
    "media_encryption": MediaEncryption,
    "digest": DigestAlgorithm,
    "forward": forwards,
}


def _extension(extension: ExtensionDraft, draft: PbxDraft, common: dict[str, Any]) -> Iterator[Extension]:
    own = common | _meant(extension.written)
    pbx, makes_passwords = draft.name, draft.traits.makes_passwords
    for number in extension.numbers:
        secret = reference(own["secret"], pbx=pbx, extension=number)
        if secret is not None or (makes_passwords and own["secret"] is None):
            yield Extension(
                number=number,
                display_name=own["name"],
                own_secret=secret,
                media_encryption=own["media_encryption"],
                codecs=own["codecs"],
                permit=own["permit"],
                contacts=own["contacts"],
                digest=own["digest"],
                ring_seconds=own["ring_seconds"],
                forwards=own["forward"],
                outside_number=own["outside_number"],
                context=own["context"],
                place=extension.place,
            )


def _probe(draft: PbxDraft) -> Probe | None:
    secret = reference(value_at(draft.settings, "probe", "secret"), pbx=draft.name)
    permit = usable_at(draft.settings, "probe", "permit")
    if secret is None or permit is None:
        return None
    return Probe(
        name=usable_at(draft.settings, "probe", "name"),
        secret=secret,
        permit=permit,
        context=usable_at(draft.settings, "probe", "context"),
        place=place_at(draft.settings, "probe") or draft.place,
    )
