"""Rules for phones that are not moved yet: who answers for them, and until when. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Finding, Severity
from confgen.model.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from confgen.model.inventory import Pbx
    from confgen.model.migration import Migration

_MOST = 4  # extensions that are named


def migration_findings(pbxs: Iterable[Pbx], *, today: date) -> Iterator[Finding]:
    """A warning for each migration that lasts, an error for each that has ended."""
    for pbx in pbxs:
        if pbx.migration is not None:
            yield _finding(pbx, pbx.migration, today)


def _finding(pbx: Pbx, migration: Migration, today: date) -> Finding:
    phones = "the phone" if len(migration.extensions) == 1 else "the phones"
    served = f"{phones} {listed(migration.extensions, _MOST)} of `{pbx.name}` may speak in clear"
    reason = "" if migration.reason is None else f" ({migration.reason})"
    owner = migration.owner
    has_ended = today > migration.until
    return Finding(
        code="MIG-02" if has_ended else "MIG-01",
        message=f"{served}: the waiver of {owner} ended on {migration.until}"
        if has_ended
        else f"{served}: {migration.words}{reason}",
        mend=f"move them to encryption and remove `migration`, or let {owner} waive it anew with a later `until`"
        if has_ended
        else "move them to encryption one by one, take each out of `migration`, and push",
        severity=Severity.ERROR if has_ended else Severity.WARNING,
        place=migration.place,
        pbx=pbx.name,
    )
