"""What a proof from outside needs to know of a 3CX: its chain and its authority, where it was given any."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.drivers.threecx.objects import SECURE_SIP
from confgen.drivers.threecx.texts import fields_of, value_at
from confgen.model.driver import Material

if TYPE_CHECKING:
    from collections.abc import Collection

    from confgen.model.document import Document
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx

_CHAIN = ("Certificate", "Contents")
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----")


def material(_host: Host, _pbx: Pbx, documents: Collection[Document]) -> Material:
    """A certificate of its own leads to this machine's authorities, and confgen does not know it beforehand."""
    chain = ""
    for document in documents:
        if document.key == SECURE_SIP.name:
            told = value_at(fields_of(document.reveal()), _CHAIN)
            chain = told if isinstance(told, str) and _PEM.search(told) else ""
    return Material(chain=chain, key=None, authority="", probe_secret=None)
