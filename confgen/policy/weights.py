"""How much more a rule weighs where an inventory wants to be judged strictly."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from confgen.model.finding import Severity
from confgen.model.policy import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping


def _where_strict(severity: Severity) -> Mapping[Profile, Severity | None]:
    return MappingProxyType({Profile.STRICT: severity, Profile.BSI: severity})


NOTED_WHERE_STRICT = _where_strict(Severity.NOTE)
WARNED_WHERE_STRICT = _where_strict(Severity.WARNING)
REFUSED_WHERE_STRICT = _where_strict(Severity.ERROR)
