"""How much more a rule weighs where an inventory wants to be judged strictly.

The baseline warns of what costs money, calls or secrets in every company, and is silent on a good inventory. What makes
a good company better, and asks for phones, networks or people that not everybody has, weighs something in `strict` and
`bsi` alone. These two differ where BSI NET.4.2 and TR-02102 ask for more, or for less, than the best that can be done.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.model.policy import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping


def _weights(*, strict: Severity, bsi: Severity) -> Mapping[Profile, Severity | None]:
    return MappingProxyType({Profile.STRICT: strict, Profile.BSI: bsi})


NOTED_WHERE_STRICT = _weights(strict=Severity.NOTE, bsi=Severity.NOTE)
WARNED_WHERE_STRICT = _weights(strict=Severity.WARNING, bsi=Severity.WARNING)
REFUSED_WHERE_STRICT = _weights(strict=Severity.ERROR, bsi=Severity.ERROR)
ALLOWED_BY_BSI = _weights(strict=Severity.WARNING, bsi=Severity.NOTE)
ASKED_FOR_BY_BSI = _weights(strict=Severity.NOTE, bsi=Severity.WARNING)
