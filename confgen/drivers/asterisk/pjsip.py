"""What pjsip.conf says of one PBX: every decision that its template writes down. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confgen.drivers.asterisk.escape import BindAddress, CallerId, OutsideNumber, SectionName, SipUri
from confgen.drivers.asterisk.layout import STATE_FOLDER
from confgen.drivers.asterisk.options import has_value
from confgen.drivers.asterisk.providers import (
    FIRST_TRANSPORT,
    is_identified_by_address,
    provider_transports,
    provider_trunk_values,
)
from confgen.model.check import Vantage
from confgen.model.inventory import ClientCertificates, MediaEncryption, TlsVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from confgen.model.document import ReferencedFile
    from confgen.model.inventory import Extension, Pbx, Probe, TrunkEnd

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


def pjsip_values(pbx: Pbx, certificate: Mapping[str, ReferencedFile]) -> Mapping[str, Any]:
    method = tls_method(pbx.tls_versions)
    ciphers = [
        *(CIPHERS_1_3 if TlsVersion.TLS_1_3 in pbx.tls_versions else ()),
        *(CIPHERS_1_2 if TlsVersion.TLS_1_2 in pbx.tls_versions else ()),
    ]
    has_digest = has_value(pbx.product_version, "pjsip.conf", "auth", "auth_type", "digest")
    return {
        "domain": pbx.domain,
        "state_folder": STATE_FOLDER,
        **certificate,
        "method": method,
        "ciphers": ",".join(ciphers),
        "verify_client": pbx.certificate.client_certificates is ClientCertificates.REQUIRED,
        "auth_type": "digest" if has_digest else "userpass",
        "identifies_by_address": is_identified_by_address(pbx),
        "transports": [
            *(
                {"name": name, "bind": _bind(address, pbx.sip_port), "authority": certificate["authority"]}
                for address, name in transport_names(pbx).items()
            ),
            *(
                {"name": transport.name, "bind": _bind(pbx.bind[0], transport.port), "authority": transport.authority}
                for transport in provider_transports(pbx).values()
            ),
        ],
        "extensions": [_extension(extension) for extension in pbx.extensions],
        "probes": [] if pbx.probe is None else [_probe(pbx, pbx.probe)],
        "trunks": [_trunk(trunk) for trunk in pbx.trunks],
        "provider_trunks": provider_trunk_values(pbx),
    }


def _extension(extension: Extension) -> Mapping[str, Any]:
    callerid = f"<{extension.number}>"
    if extension.display_name is not None:
        callerid = f'"{extension.display_name}" {callerid}'
    return {
        "number": SectionName(extension.number),
        "callerid": CallerId(callerid),
        "outside_number": None if extension.outside_number is None else OutsideNumber(extension.outside_number),
        "codecs": ",".join(extension.codecs),
        "media_encryption": extension.media_encryption.value,
        "is_dtls": extension.media_encryption is MediaEncryption.DTLS,
        "access": _access(extension.permit),
        "secret": extension.secret,
        "contacts": extension.contacts,
    }


def _probe(pbx: Pbx, probe: Probe) -> Mapping[str, Any]:
    own = ("127.0.0.1", "::1", *pbx.bind) if pbx.verification.vantage is Vantage.HOST else ()
    return {
        "number": SectionName(probe.name),
        "codecs": "ulaw",
        "media_encryption": MediaEncryption.SDES.value,
        "is_dtls": False,
        "access": _access((*probe.permit, *own)),
        "secret": probe.secret,
    }


def _trunk(trunk: TrunkEnd) -> Mapping[str, Any]:
    host = f"[{trunk.peer_domain}]" if ":" in trunk.peer_domain else trunk.peer_domain
    return {
        "name": SectionName(trunk.name),
        "peer": trunk.peer,
        "contact": SipUri(f"sip:{host}:{trunk.peer_port};transport=tls"),
        "codecs": ",".join(trunk.codecs),
        "media_encryption": MediaEncryption.SDES.value,
        "is_dtls": False,
        "secret": trunk.secret,
    }


def _access(permit: Iterable[str]) -> list[Mapping[str, str]]:
    """In an access list the last rule that fits decides, so the refusals come first."""
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
