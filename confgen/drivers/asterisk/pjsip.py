"""What pjsip.conf says of one PBX: every decision that its template writes down. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confgen.drivers.asterisk.addresses import carries_ipv6, family, nat_values
from confgen.drivers.asterisk.digests import algorithms
from confgen.drivers.asterisk.escape import BindAddress, CallerId, OutsideNumber, SectionName, SipUri
from confgen.drivers.asterisk.layout import MIGRATION, STATE_FOLDER
from confgen.drivers.asterisk.options import has_value
from confgen.drivers.asterisk.providers import (
    FIRST_TRANSPORT,
    is_identified_by_address,
    provider_transports,
    provider_trunk_values,
)
from confgen.model.document import PasswordDigest
from confgen.model.inventory import ClientCertificates, DigestAlgorithm, MediaEncryption, Part, Peering, TlsVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from confgen.model.document import ReferencedFile
    from confgen.model.inventory import Extension, Pbx, Probe, TrunkEnd
    from confgen.model.secret import SecretReference

# RFC 9325 §4.2: forward secrecy and authenticated encryption only, in OpenSSL's names, strongest first. The three of
# TLS 1.3 stand in the list because pjproject hands the same list to both.
CIPHERS_1_2 = (
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
)
CIPHERS_1_3 = ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")


def pjsip_values(pbx: Pbx, certificate: Mapping[str, ReferencedFile | str]) -> Mapping[str, Any]:
    """`certificate` holds chain, key and authority: files of the state folder, or paths of the user's own."""
    method = tls_method(pbx.tls_versions)
    ciphers = [
        *(CIPHERS_1_3 if TlsVersion.TLS_1_3 in pbx.tls_versions else ()),
        *(CIPHERS_1_2 if TlsVersion.TLS_1_2 in pbx.tls_versions else ()),
    ]
    by_address = is_identified_by_address(pbx) or pbx.migration is not None
    by_login = any(registers_here(trunk) for trunk in pbx.trunks)
    has_digest = has_value(pbx.product_version, "pjsip.conf", "auth", "auth_type", "digest")
    return {
        "domain": pbx.domain,
        "certificate_folder": certificate_folder(pbx),
        **certificate,
        "method": method,
        "ciphers": ",".join(ciphers),
        "verify_client": pbx.certificate.client_certificates is ClientCertificates.REQUIRED,
        "auth_type": "digest" if has_digest else "userpass",
        "identifies_by_address": by_address,
        "identifies_by_login": by_login,
        "identifiers": ",".join(
            [*(["ip"] if by_address else []), *(["auth_username"] if by_login else []), "username"]
        ),
        "transports": [
            *(
                _transport(pbx, name, address, pbx.sip_port, certificate["authority"])
                for address, name in transport_names(pbx).items()
            ),
            *(
                _transport(pbx, transport.name, pbx.bind[0], transport.port, transport.authority)
                for transport in provider_transports(pbx).values()
            ),
        ],
        "default_algorithms": algorithms(pbx, pbx.default_digest),
        "extensions": [_extension(pbx, extension) for extension in pbx.moved_extensions],
        "probes": [
            _probe(pbx, pbx.probe, name, encryption) for encryption, name in pbx.probes.items() if pbx.probe is not None
        ],
        "trunks": [_trunk(pbx, trunk) for trunk in pbx.trunks],
        "provider_trunks": provider_trunk_values(pbx),
        "migration": "" if pbx.migration is None else MIGRATION,
        "includes": [include.file for include in pbx.includes if include.key == "pjsip.conf"],
    }


def certificate_folder(pbx: Pbx) -> str:
    """What stands before a certificate's name: the state folder, or nothing before a path of the user's own."""
    return f"{STATE_FOLDER}/" if Part.CERTIFICATES in pbx.manages else ""


def _transport(pbx: Pbx, name: str, address: str, port: int, authority: ReferencedFile | str) -> Mapping[str, Any]:
    return {"name": name, "bind": _bind(address, port), "authority": authority, **nat_values(pbx, address)}


def transport_to(pbx: Pbx, trunk: TrunkEnd) -> str:
    """The name of the first transport of the peer's family, or of the first of all."""
    names = transport_names(pbx)
    fitting = (name for address, name in names.items() if family(address) == family(trunk.peer_address))
    return next(fitting, next(iter(names.values())))


def registers_here(trunk: TrunkEnd) -> bool:
    """Whether the peer is called where it has registered, and nowhere else."""
    return trunk.peering is Peering.PEER_REGISTERS


def _extension(pbx: Pbx, extension: Extension) -> Mapping[str, Any]:
    callerid = f"<{extension.number}>"
    if extension.display_name is not None:
        callerid = f'"{extension.display_name}" {callerid}'
    return {
        "number": SectionName(extension.number),
        "transport": _only_transport(pbx),
        "context": _context(pbx, extension.context, "phones"),
        "callerid": CallerId(callerid),
        "outside_number": None if extension.outside_number is None else OutsideNumber(extension.outside_number),
        "codecs": ",".join(extension.codecs),
        "media_encryption": extension.media_encryption.value,
        "is_dtls": extension.media_encryption is MediaEncryption.DTLS,
        "access": access(extension.permit),
        "is_ipv6": carries_ipv6(pbx, extension.permit),
        "algorithms": algorithms(pbx, extension.digest),
        "is_hashed": extension.digest is DigestAlgorithm.SHA_256,
        "realm": pbx.domain,
        "secret": _secret(pbx, extension),
        "contacts": extension.contacts,
    }


def _only_transport(pbx: Pbx) -> str:
    """What a phone is called by and by nothing else, where phones that are not moved yet keep a port in clear open.

    An endpoint can be held to one transport, so a PBX with several addresses keeps no such phones.
    """
    return FIRST_TRANSPORT if pbx.migration is not None and len(pbx.bind) == 1 else ""


def _secret(pbx: Pbx, extension: Extension) -> SecretReference | PasswordDigest:
    if extension.digest is DigestAlgorithm.MD5:
        return extension.secret
    return PasswordDigest(password=extension.secret, username=extension.number, realm=pbx.domain)


def _probe(pbx: Pbx, probe: Probe, name: str, encryption: MediaEncryption) -> Mapping[str, Any]:
    own = ("127.0.0.1", "::1", *pbx.bind) if any(map(pbx.is_seen_by_host, pbx.bind)) else ()
    return {
        "number": SectionName(name),
        "context": _context(pbx, probe.context, "confgen-probe"),
        "codecs": "ulaw",
        "media_encryption": encryption.value,
        "is_dtls": encryption is MediaEncryption.DTLS,
        "access": access((*probe.permit, *own)),
        "is_ipv6": carries_ipv6(pbx, probe.permit),
        "algorithms": algorithms(pbx, pbx.default_digest),
        "secret": probe.secret,
    }


def _trunk(pbx: Pbx, trunk: TrunkEnd) -> Mapping[str, Any]:
    host = f"[{trunk.peer_domain}]" if ":" in trunk.peer_domain else trunk.peer_domain
    return {
        "name": SectionName(trunk.name),
        "peer": trunk.peer,
        "registers_here": registers_here(trunk),
        # which of several listeners it registers at, is the peer's choice: all of them are TLS
        "transport": "" if registers_here(trunk) and len(pbx.bind) > 1 else transport_to(pbx, trunk),
        "is_ipv6": carries_ipv6(pbx, (trunk.peer_address,)),
        "context": _context(pbx, trunk.context, "peers"),
        "contact": SipUri(f"sip:{host}:{trunk.peer_port};transport=tls"),
        "codecs": ",".join(trunk.codecs),
        "media_encryption": MediaEncryption.SDES.value,
        "is_dtls": False,
        "algorithms": algorithms(pbx, trunk.digest),
        "secret": trunk.secret,
    }


def _context(pbx: Pbx, own: str | None, ours: str) -> str:
    """The context that calls start in: the user's own where the dialplan is, else the one that confgen renders."""
    return ours if own is None or Part.DIALPLAN in pbx.manages else own


def access(permit: Iterable[str]) -> list[Mapping[str, str]]:
    """Who may come from where, in lines of `permit` and `deny`; none where everybody may.

    In an access list the last rule that fits decides, so the refusals come first.
    """
    networks = [{"word": "permit", "network": network} for network in permit]
    if not networks:
        return []
    return [{"word": "deny", "network": "0.0.0.0/0"}, {"word": "deny", "network": "::/0"}, *networks]


def tls_method(versions: Iterable[TlsVersion]) -> str:
    """Asterisk's word for a set of TLS versions; `sslv23` is its only word for more than one."""
    match sorted(version.value for version in versions):
        case ["1.2"]:
            return "tlsv1_2"
        case ["1.3"]:
            return "tlsv1_3"
        case _:
            return "sslv23"


def transport_names(pbx: Pbx) -> Mapping[str, str]:
    """Bind address to the name of its transport: `tls`, `tls-2` and so on."""
    return {
        address: FIRST_TRANSPORT if index == 1 else f"{FIRST_TRANSPORT}-{index}"
        for index, address in enumerate(pbx.bind, start=1)
    }


def _bind(address: str, port: int) -> BindAddress:
    return BindAddress(bind_text(address, port))


def bind_text(address: str, port: int) -> str:
    """An address and a port as Asterisk writes them."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
