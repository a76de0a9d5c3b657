"""Phones that are not moved yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.dialling import day_of
from confgen.load.settings import given_at, place_at, value_at
from confgen.load.ways import extension_faults
from confgen.load.yaml_tree import YamlSequence, marked_items
from confgen.model.migration import Migration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.load.drafts import PbxDraft
    from confgen.load.yaml_tree import YamlMapping
    from confgen.model.finding import Finding


def migration(settings: YamlMapping) -> Migration | None:
    """The waiver, where all of it is there."""
    place = place_at(settings, "migration")
    extensions, owner, until = (given_at(settings, "migration", key) for key in ("extensions", "owner", "until"))
    day = None if until is None else day_of(until)
    if place is None or extensions is None or owner is None or day is None:
        return None
    reason = given_at(settings, "migration", "reason")
    return Migration(extensions=extensions, owner=owner, until=day, reason=reason, place=place)


def faults_of_migration(draft: PbxDraft) -> Iterator[Finding]:
    """Extensions that are not there."""
    written = value_at(draft.settings, "migration", "extensions")
    if isinstance(written, YamlSequence):
        for number, place in marked_items(written):
            if isinstance(number, str):
                yield from extension_faults(draft, number, place)
