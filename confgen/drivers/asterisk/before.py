"""What is made of what was there before confgen, besides what lies on the host for good."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.archives import unpack
from confgen.drivers.asterisk import script
from confgen.drivers.asterisk.layout import MIGRATION, STATE_FOLDER
from confgen.drivers.asterisk.migration import BEFORE, migrated
from confgen.drivers.asterisk.on_host import on_host as certificates_on_host
from confgen.model.document import Document
from confgen.model.secret import Secret

if TYPE_CHECKING:
    from confgen.model.driver import OnHost
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx

_KEPT = f"{STATE_FOLDER}/generations/0/etc/"


def on_host(host: Host, pbx: Pbx) -> OnHost:
    """Certificates and keys; where there is a migration, one look more, and the file that it keeps."""
    found = certificates_on_host(host, pbx)
    if pbx.migration is None:
        return found
    before = unpack(script.look(host, pbx, "before", *BEFORE))
    kept = migrated(pbx, pbx.migration, {_name(path): text for path, text in before.items()})
    return replace(
        found,
        documents=(Document(key=MIGRATION, content=Secret(kept.text)),),
        findings=(*found.findings, *kept.findings),
    )


def _name(path: str) -> str:
    """The name below Asterisk's folder of what generation 0 keeps."""
    return path.removeprefix(_KEPT)
