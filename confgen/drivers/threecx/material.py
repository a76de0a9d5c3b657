"""What a proof from outside needs to know of a 3CX: its chain and its authority, where the inventory has any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.threecx.objects import SECURE_SIP
from confgen.drivers.threecx.requests import api_of
from confgen.drivers.threecx.texts import fields_of, value_at
from confgen.model.driver import Material

if TYPE_CHECKING:
    from collections.abc import Collection

    from confgen.drivers.threecx.objects import Path
    from confgen.model.document import Document
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.shelf import Shelf

AUTHORITY = "Proof/authority"  # of the document that carries it; the PBX is never given it
CONTENTS = "Contents"
_KEPT = "authority"  # under which the shelf has it, for a generation that is gone back to
_BEGIN = "-----BEGIN CERTIFICATE-----"  # RFC 7468 §5.1: everything else is the name of a file that was not read


def material(host: Host, _pbx: Pbx, documents: Collection[Document]) -> Material:
    """Without a chain 3CX has one of its own; without an authority that leads to those of this machine."""
    texts = {document.key: document.reveal() for document in documents}
    return Material(
        chain=_certificates(texts.get(SECURE_SIP.name), ("Certificate", "Contents")),
        key=None,
        authority=_authority(api_of(host).shelf, texts, is_kept=_is_kept(documents)),
        probe_secret=None,
    )


def _is_kept(documents: Collection[Document]) -> bool:
    """Whether they are of a generation, which is what the PBX has; an inventory says besides what a push needs."""
    return bool(documents) and not any(document.is_for_push for document in documents)


def _authority(shelf: Shelf, texts: dict[str, str], *, is_kept: bool) -> str:
    """It is no part of a generation: one that is gone back to is held to that of the last proof of an inventory.

    An inventory that names none any more means none: what it took out is trusted no longer.
    """
    told = _certificates(texts.get(AUTHORITY), (CONTENTS,))
    known = shelf.read(_KEPT) or ""
    if told and told != known:
        shelf.write(_KEPT, told)
    return known if is_kept else told


def _certificates(text: str | None, path: Path) -> str:
    told = None if text is None else value_at(fields_of(text), path)
    return told if isinstance(told, str) and _BEGIN in told else ""
