"""Plans that were saved, so that a push carries out exactly what somebody has read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a plan was made by, and from."""

    version: str  # of confgen
    inventory: str  # SHA-256 of its texts


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPbx:
    """The plan of one PBX, with all that must be as it was when the plan is carried out.

    Every fingerprint is an HMAC under the host's own key: who has the plan cannot try out guesses.
    """

    name: str
    address: str
    host: str  # fingerprint of the host itself: another one, or one that was made anew, has another key
    is_confirmed: bool
    observed: Mapping[
        str, str
    ]  # fingerprints by key, of content and whose it is; of an included file by `include NAME`
    desired: Mapping[str, str]  # fingerprints by key, of content
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPlan:
    """The plans of all PBXs that were chosen."""

    origin: Origin
    made_at: str  # ISO 8601 with time zone
    pbxs: tuple[SavedPbx, ...]

    def of(self, pbx: str) -> SavedPbx | None:
        """The plan of one PBX."""
        return next((saved for saved in self.pbxs if saved.name == pbx), None)
