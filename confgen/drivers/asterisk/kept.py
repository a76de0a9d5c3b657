"""Kept generations: their documents, and what they say of the PBX they were made for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from confgen.archives import unpack
from confgen.drivers.asterisk import script
from confgen.drivers.asterisk.configuration import objects, parse
from confgen.drivers.asterisk.layout import KEYS, MIGRATION, STATE_FOLDER, part_of
from confgen.drivers.asterisk.management import listener
from confgen.drivers.asterisk.migration import waived_listeners, waiver_of
from confgen.model.document import Document
from confgen.model.driver import Listener, Material
from confgen.model.inventory import (
    Ami,
    ClientCertificates,
    HttpServer,
    MediaEncryption,
    Part,
    Peering,
    PortRange,
    TlsVersion,
)
from confgen.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from confgen.drivers.asterisk.configuration import Section
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx, TrunkEnd

_VERSIONS = {
    "tlsv1_2": frozenset({TlsVersion.TLS_1_2}),
    "tlsv1_3": frozenset({TlsVersion.TLS_1_3}),
    "sslv23": frozenset({TlsVersion.TLS_1_2, TlsVersion.TLS_1_3}),
}


def kept(host: Host, pbx: Pbx, generation: int) -> Sequence[Document]:
    """The documents of a generation that the host kept, with the keys that did not come from the host itself."""
    archive = script.look(host, pbx, "generation", str(generation))
    return tuple(Document(key=key, content=Secret(text)) for key, text in unpack(archive).items())


def written(host: Host, pbx: Pbx, generation: int) -> Mapping[str, str]:
    """The texts of a generation from the copy that only root could write."""
    folder = f"{generation}/etc/"
    archive = unpack(script.look(host, pbx, "written", str(generation)))
    return {path.removeprefix(folder): text for path, text in archive.items() if path.startswith(folder)}


def material(host: Host, pbx: Pbx, documents: Collection[Document]) -> Material:
    """The certificate that the transport names, its authority, and the probe's password.

    A certificate of the user's own lies on the host, and is read there as Asterisk's user reads it.
    """
    texts = {document.key: document.reveal() for document in documents if document.content is not None}
    found = objects(parse(texts["pjsip.conf"]))
    transport = _own_transports(found)[0]
    probe = None if pbx.probe is None else found.get(("auth", pbx.probe.name))
    password = None if probe is None else probe.value("password")
    chain, private, authority = (
        _key_of(transport, option) for option in ("cert_file", "priv_key_file", "ca_list_file")
    )
    own = [key for key in (chain, authority) if key.startswith("/")]
    if own:
        texts |= unpack(script.look(host, pbx, "own", *own))
    key = texts.get(private)
    return Material(
        chain=texts.get(chain, ""),
        key=None if key is None else Secret(key),
        authority=texts.get(authority, ""),
        probe_secret=None if password is None else Secret(password),
        probes=_probes(pbx, found),
        provider_listeners=tuple(_bind(section) for section in _transports_to_providers(found)),
        waived_listeners=tuple(waived_listeners(documents)),
    )


def _probes(pbx: Pbx, found: Mapping[tuple[str, str], Section]) -> Mapping[MediaEncryption, str]:
    names = {} if pbx.probe is None else {encryption: pbx.probe.named(encryption) for encryption in MediaEncryption}
    return {encryption: name for encryption, name in names.items() if ("endpoint", name) in found}


def as_kept(pbx: Pbx, documents: Collection[Document]) -> Pbx:
    """The PBX with all that a proof measures it by as a generation has it; the probe's own name stays."""
    texts = {document.key: document.reveal() for document in documents if document.content is not None}
    found = objects(parse(texts["pjsip.conf"]))
    transports = _own_transports(found)
    binds = [_bind(transport) for transport in transports]
    realm = found["global", "global"].value("default_realm")
    is_required = transports[0].value("require_client_cert") == "yes"
    ami, http = (_tls_listener(texts.get(key, "")) for key in ("manager.conf", "http.conf"))
    demand = ClientCertificates.REQUIRED if is_required else ClientCertificates.NOT_REQUESTED
    return replace(
        pbx,
        domain=realm or pbx.domain,
        bind=tuple(bind.address for bind in binds),
        sip_port=binds[0].port,
        tls_versions=_VERSIONS[transports[0].value("method") or ""],
        manages=frozenset(part_of(key) for key in texts),
        rtp_ports=_rtp_ports(pbx, texts),
        own_certificate=replace(pbx.certificate, client_certificates=demand),
        echo_number=_echo_number(pbx, texts),
        extensions=tuple(
            replace(extension, codecs=_codecs(found["endpoint", extension.number]))
            for extension in pbx.extensions
            if ("endpoint", extension.number) in found
        ),
        trunks=tuple(
            replace(trunk, codecs=_codecs(found["endpoint", trunk.name]), peering=_peering(found, trunk))
            for trunk in pbx.trunks
            if ("endpoint", trunk.name) in found
        ),
        provider_trunks=tuple(
            replace(trunk, codecs=_codecs(found["endpoint", trunk.name]))
            for trunk in pbx.provider_trunks
            if ("endpoint", trunk.name) in found
        ),
        ami=None if ami is None else Ami(bind=ami[0], port=ami[1], users=pbx.ami.users if pbx.ami else ()),
        migration=waiver_of(texts.get(MIGRATION, ""), pbx.place),
        http=None if http is None else HttpServer(bind=http[0], port=http[1]),
    )


def _peering(found: Mapping[tuple[str, str], Section], trunk: TrunkEnd) -> Peering:
    """A peer that registered had no contact written down."""
    aor = found.get(("aor", trunk.name))
    if aor is None:
        return trunk.peering
    return Peering.PEER_REGISTERS if aor.value("contact") is None else Peering.BOTH


def _codecs(endpoint: Section) -> tuple[str, ...]:
    return tuple((endpoint.value("allow") or "").split(","))


def _tls_listener(text: str) -> tuple[str, int] | None:
    """Where an interface of the management listens over TLS; its users are of no concern to a proof from outside."""
    general = next((section for section in parse(text) if section.name == "general"), None)
    bind = None if general is None or general.value("tlsenable") != "yes" else general.value("tlsbindaddr")
    return None if bind is None else listener(bind)


def _rtp_ports(pbx: Pbx, texts: Mapping[str, str]) -> PortRange | None:
    """A generation without rtp.conf says nothing of ports, nor does what today's inventory renders there."""
    if "rtp.conf" not in texts:
        return None if Part.MEDIA in pbx.manages else pbx.rtp_ports
    rtp = {section.name: section for section in parse(texts["rtp.conf"])}["general"]
    return PortRange(first=int(rtp.value("rtpstart") or 0), last=int(rtp.value("rtpend") or 0))


def _echo_number(pbx: Pbx, texts: Mapping[str, str]) -> str | None:
    """The number that the probe's context answers; of a dialplan of the user's own the inventory tells it, if any does.

    Where today's inventory means confgen's dialplan by it, the call itself tells whether the user's answers it too.
    """
    if "extensions.conf" not in texts:
        return pbx.echo_number
    probe = next((section for section in parse(texts["extensions.conf"]) if section.name == "confgen-probe"), None)
    return None if probe is None else probe.values("exten")[0].partition(",")[0]


def _own_transports(found: Mapping[tuple[str, str], Section]) -> list[Section]:
    """Where phones register and peers call: those on the port of the first one."""
    transports = _transports(found)
    return [section for section in transports if _bind(section).port == _bind(transports[0]).port]


def _transports_to_providers(found: Mapping[tuple[str, str], Section]) -> list[Section]:
    transports = _transports(found)
    return [section for section in transports if _bind(section).port != _bind(transports[0]).port]


def _transports(found: Mapping[tuple[str, str], Section]) -> list[Section]:
    return [section for (kind, _), section in found.items() if kind == "transport"]


def _bind(transport: Section) -> Listener:
    address, _, port = (transport.value("bind") or "").rpartition(":")
    return Listener(address=address.strip("[]"), port=int(port))


def _key_of(section: Section, option: str) -> str:
    """The key of the document that an option names, or the path of a file of the user's own."""
    path = PurePosixPath(section.value(option) or "")
    return f"{KEYS}/{path.name}" if path.is_relative_to(f"{STATE_FOLDER}/{KEYS}") else str(path)
