"""Documents with their secrets masked by what they are, and secrets whose old value nobody knows. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.threecx.objects import SECURE_SIP, type_of
from confgen.drivers.threecx.texts import (
    fields_of,
    fingerprint_in,
    is_sensitive,
    is_stand_in,
    leaves,
    replaced,
    stand_in,
    value_at,
)
from confgen.model.document import Action
from confgen.model.secret import MASK

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from confgen.drivers.threecx.objects import Path
    from confgen.model.document import Change

_SHOWN = 10  # digits of a fingerprint, as people see it elsewhere
_UNKNOWN = f"{MASK} (not told)"


def mask(key: str, text: str, fingerprint: Callable[[str], str]) -> str:
    """The text with its secrets masked; equal ones look alike, and what nobody can read is told as that."""

    def masked(path: Path, value: object) -> object:
        if isinstance(value, dict) and is_stand_in(value):
            known = fingerprint_in(value)
            return f"{MASK} ({known[:_SHOWN]})" if known else _UNKNOWN
        if is_sensitive(key, path):
            return f"{MASK} ({fingerprint(str(value))})"
        return value

    return replaced(text, masked, key)


def irreversible(changes: Collection[Change]) -> Mapping[str, str]:
    """Keys of what cannot be undone once it is written, with the reason."""
    found = {}
    for change in changes:
        words = _removal(change) or ", ".join(_unknown_before(change))
        if words:
            found[change.key] = words
    return found


def lost_secrets(key: str, before: str | None, after: str | None) -> tuple[str, ...]:
    """Properties that get a secret in the place of one that nobody can write back; the texts have stand-ins."""
    if before is None or after is None:
        return ()
    was = fields_of(before)
    return tuple(
        ".".join(path)
        for path, value in leaves(fields_of(after))
        if is_sensitive(key, path) and value != stand_in() and value_at(was, path) != value
    )


def _removal(change: Change) -> str:
    if change.action is not Action.REMOVE or not type_of(change.key).has_irretrievable:
        return ""
    return "what was removed cannot be made again with its password"


def _unknown_before(change: Change) -> Iterator[str]:
    if change.before is None or change.after is None:
        return
    was, becomes = fields_of(change.before), fields_of(change.after)
    for path, value in leaves(becomes):
        if is_sensitive(change.key, path) and value_at(was, path) != value:
            yield f"the old {'.'.join(path)} is not known"
    if type_of(change.key) is SECURE_SIP and value_at(was, ("Certificate", "Contents")) == _UNKNOWN:
        yield "the old certificate is not told"
