"""Phones that are not moved to encryption yet: still served as before, by a waiver that ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from confgen.model.finding import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A waiver: the phones of these extensions may speak in clear, up to a last day.

    An Asterisk serves them as it did before confgen; a 3CX asks them for SRTP and does not demand it.
    """

    extensions: tuple[str, ...]
    owner: str
    until: date  # the last day on which it holds
    reason: str | None = None
    place: Place

    @property
    def words(self) -> str:
        """`waived until 2027-03-31 by Ann`."""
        return f"waived until {self.until.isoformat()} by {self.owner}"
