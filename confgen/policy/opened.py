"""What the references of an inventory lead to, as far as somebody has looked."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.secret import Secret, SecretReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Texts by reference; as it is by default, nothing was opened."""

    texts: Mapping[SecretReference, Secret] = field(default_factory=lambda: MappingProxyType({}))
    has_secrets: bool = False  # all that could be resolved; otherwise only certificates that lie in plain files
