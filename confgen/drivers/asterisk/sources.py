"""From one PBX to the documents of Asterisk. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confgen.drivers.asterisk.calls import dialplan_values
from confgen.drivers.asterisk.escape import dialplan_value, option_value
from confgen.drivers.asterisk.layout import KEYS, part_of
from confgen.drivers.asterisk.management import http_values, manager_values
from confgen.drivers.asterisk.modules import REQUIRED, modules
from confgen.drivers.asterisk.on_host import path_of, referenced
from confgen.drivers.asterisk.options import has_option
from confgen.drivers.asterisk.pjsip import pjsip_values
from confgen.drivers.asterisk.providers import provider_transports
from confgen.model.document import FileSource, ReferencedFile, TemplateSource
from confgen.model.inventory import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.document import Source
    from confgen.model.inventory import Pbx

_PLAIN_FILES = (
    "acl",
    "ccss",
    "cdr",
    "cel",
    "features",
    "indications",
    "logger",
    "pjproject",
    "stasis",
    "udptl",
)


def sources(pbx: Pbx) -> tuple[Source, ...]:
    """Every document of the parts that are managed, by key; secrets and files are still references."""
    certificate = _certificate_files(pbx)
    named: Mapping[str, ReferencedFile | str] = certificate if Part.CERTIFICATES in pbx.manages else _own_paths(pbx)
    files = (
        _template("pjsip", pbx, pjsip_values(pbx, named)),
        TemplateSource(
            key="extensions.conf",
            template="asterisk/extensions.conf.j2",
            values={"pbx": pbx.name, **dialplan_values(pbx)},
            escape=dialplan_value,
        ),
        _template("rtp", pbx, _rtp(pbx)),
        _template("modules", pbx, {"modules": [_module(name) for name in modules(pbx)]}),
        _template("manager", pbx, manager_values(pbx, named)),
        _template("http", pbx, http_values(pbx, named)),
        *(_template(name, pbx, {}) for name in _PLAIN_FILES),
    )
    keys = (
        *(FileSource(file=file, is_sensitive=name == "key") for name, file in certificate.items()),
        *(
            FileSource(file=transport.authority, is_sensitive=False)
            for transport in provider_transports(pbx).values()
            if isinstance(transport.authority, ReferencedFile)
        ),
    )
    return (
        *(source for source in files if part_of(source.key) in pbx.manages),
        *(keys if Part.CERTIFICATES in pbx.manages else ()),
    )


def _template(name: str, pbx: Pbx, values: Mapping[str, Any]) -> TemplateSource:
    return TemplateSource(
        key=f"{name}.conf",
        template=f"asterisk/{name}.conf.j2",
        values={"pbx": pbx.name, **values},
        escape=option_value,
    )


def _certificate_files(pbx: Pbx) -> Mapping[str, ReferencedFile]:
    certificate = pbx.certificate
    return {
        "chain": ReferencedFile(reference=certificate.chain, folder=KEYS, suffix=".crt"),
        "key": ReferencedFile(reference=certificate.key, folder=KEYS, suffix=".key"),
        "authority": ReferencedFile(reference=certificate.authority, folder=KEYS, suffix=".authority.crt"),
    }


def _own_paths(pbx: Pbx) -> Mapping[str, str]:
    """Where the user keeps them on the host, where Asterisk itself can read them."""
    return {part: path_of(reference) for part, reference in referenced(pbx).items()}


def _rtp(pbx: Pbx) -> Mapping[str, Any]:
    if pbx.rtp_ports is None:  # the user's own, in a file that is not ours
        return {}
    return {
        "first_port": pbx.rtp_ports.first,
        "last_port": pbx.rtp_ports.last,
        "has_replay_protection_option": has_option(pbx.product_version, "rtp.conf", "general", "srtpreplayprotection"),
    }


def _module(name: str) -> Mapping[str, str]:
    return {"word": "require" if name in REQUIRED else "load", "name": name}
