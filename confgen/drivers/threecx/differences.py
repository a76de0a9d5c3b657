"""What differs between two sets of documents, property by property, in 3CX's words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx.objects import BLOCKLIST, COUNTRIES, SBCS, TRUNKS, USERS, name_of, type_of
from confgen.drivers.threecx.texts import fields_of, leaves, value_at
from confgen.model.plan import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


_WORDS = {
    USERS.name: "extension",
    TRUNKS.name: "trunk",
    SBCS.name: "SBC",
    BLOCKLIST.name: "blocklist",
    COUNTRIES.name: "countries that may be called",
}


def differences(before: Mapping[str, str], after: Mapping[str, str], _own: Mapping[str, str]) -> Sequence[Difference]:
    """Only what the later text speaks of: the rest of an object is not managed."""
    return [
        found for key in sorted(before.keys() | after.keys()) for found in _of(key, before.get(key), after.get(key))
    ]


def subject(key: str) -> str:
    """`extension 100`, `NetworkSettings`."""
    kind = type_of(key)
    return " ".join(filter(None, (_WORDS.get(kind.name, kind.name), name_of(key))))


def _of(key: str, before: str | None, after: str | None) -> Iterator[Difference]:
    if before is None or after is None:
        yield Difference(
            subject=subject(key), before=None if before is None else "", after=None if after is None else ""
        )
        return
    was = fields_of(before)
    for path, value in leaves(fields_of(after)):
        old = value_at(was, path)
        if old != value:
            yield Difference(subject=subject(key), option=".".join(path), before=told(old), after=told(value))


def told(value: Any) -> str | None:  # noqa: ANN401 -- JSON
    """A value as people read it; None where there is none."""
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case list():
            return ", ".join(map(str, value)) or "none"
        case str() if "-----BEGIN " in value:
            return "a certificate"
        case _:
            return str(value)
