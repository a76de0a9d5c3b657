"""What the rules for phones that are not moved yet share. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.words import listed

if TYPE_CHECKING:
    from confgen.model.inventory import Pbx
    from confgen.model.migration import Migration

_MOST = 4  # extensions that are named


def phones_in_clear(pbx: Pbx, migration: Migration) -> str:
    """`the phones 101, 102 of `headquarters` may speak in clear`."""
    phones = "the phone" if len(migration.extensions) == 1 else "the phones"
    return f"{phones} {listed(migration.extensions, _MOST)} of `{pbx.name}` may speak in clear"
