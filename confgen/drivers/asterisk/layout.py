"""Where things lie on an Asterisk host, and which files of its configuration folder belong to which part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.inventory import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from confgen.model.inventory import Pbx

STATE_FOLDER = "/etc/confgen/asterisk"
MIGRATION = "pjsip_migration.conf"  # what phones are kept in service by while they are moved
KEYS = "keys"  # below the state folder; names are digests of contents

_FILES: Mapping[Part, tuple[str, ...]] = {
    Part.SIP: ("pjproject.conf", "pjsip.conf"),
    Part.MEDIA: ("rtp.conf", "udptl.conf"),
    Part.DIALPLAN: ("ccss.conf", "extensions.conf", "features.conf", "indications.conf"),
    Part.MODULES: ("modules.conf", "stasis.conf"),
    Part.MANAGEMENT: ("acl.conf", "cdr.conf", "cel.conf", "http.conf", "logger.conf", "manager.conf"),
}
# Managed by having nothing under them: other ways into the same process, and other writers of the dialplan.
_ABSENT: Mapping[Part, tuple[str, ...]] = {
    Part.SIP: ("iax.conf", "pjsip_wizard.conf", "sip.conf", "users.conf"),
    Part.DIALPLAN: ("extensions.ael", "extensions.lua"),
}
_PART_OF = {MIGRATION: Part.SIP} | {name: part for part, names in _FILES.items() for name in names}


def part_of(key: str) -> Part:
    """The part that a document belongs to."""
    return Part.CERTIFICATES if key.startswith(f"{KEYS}/") else _PART_OF[key]


def absent(pbx: Pbx) -> Collection[str]:
    """Keys that are managed by having nothing under them."""
    return tuple(sorted(name for part, names in _ABSENT.items() if part in pbx.manages for name in names))


def every_name() -> frozenset[str]:
    """All names below the configuration folder that confgen manages where every part is its own."""
    return frozenset(name for names in (*_FILES.values(), *_ABSENT.values()) for name in names)
