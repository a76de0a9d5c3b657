"""What holds for a PBX in the end, and where that was said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from confgen.model.finding import Place

BUILT_IN = "built in"
TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveValue:
    """One value; secrets are references, as they are written."""

    path: tuple[str, ...]  # the keys that lead to it in an inventory: pbxs, hq, sip, port
    value: Any  # of YAML: a scalar, a list, or a mapping that counts as a whole
    origin: str  # `built in`, `defaults`, `groups.office`, `pbxs.hq`, `table`, `trunks.carrier`, `providers.carrier`
    place: Place | None  # None where it is built in
