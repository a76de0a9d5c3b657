"""Where the settings of a PBX stand: what a finding about one of them points at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.settings import place_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.load.yaml_tree import YamlMapping
    from confgen.model.finding import Place

_POINTED_AT = (
    ("product_version",),
    ("site",),
    ("manage",),
    ("modules",),
    ("include",),
    ("blocked",),
    *(("ssh",), ("ssh", "user"), ("ssh", "host_key"), ("ssh", "known_hosts"), ("ssh", "jump_hosts")),
    *(("sip",), *(("sip", key) for key in ("domain", "bind", "tls_versions"))),
    *(("rtp",), ("rtp", "ports")),
    *(("nat",), ("nat", "local_networks")),
    *(("installation",), ("installation", "user")),
    *(("certificate",), ("certificate", "client_certificates")),
    *(("probe",), ("probe", "permit")),
    *(("verify",), ("verify", "from"), ("verify", "levels")),
    *(("ami",), ("ami", "bind")),
    *(("http",), ("http", "bind")),
    *(("dialling",), *(("dialling", key) for key in ("country", "countries", "premium", "max_calls"))),
    ("extension_defaults",),
)


def places(settings: YamlMapping) -> Mapping[tuple[str, ...], Place]:
    """The places of those of them that are written, wherever the value comes from."""
    found = ((keys, place_at(settings, *keys)) for keys in _POINTED_AT)
    return {keys: place for keys, place in found if place is not None}
