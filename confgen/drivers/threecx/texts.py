"""Documents of a 3CX as text: canonical JSON, in which a stand-in takes the place of a secret that is not kept."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx.objects import Path, type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

Fields = dict[str, Any]

NOTHING = "{}"

_CONCEALED = "Concealed"


def text_of(key: str, fields: Mapping[str, Any]) -> str:
    """The canonical text: names sorted, two spaces for each level, lists sorted whose order means nothing."""
    kept: Fields = {}
    for path, value in leaves(fields):
        is_set = path in type_of(key).sets and isinstance(value, list)
        put(kept, path, sorted(value) if is_set else value)
    return json.dumps(kept, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def fields_of(text: str) -> Fields:
    """What a document says."""
    fields: Fields = json.loads(text)
    return fields


def digest_of(text: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def stand_in(fingerprint: str = "") -> Fields:
    """In the place of a secret: its fingerprint where confgen wrote it, nothing where nobody knows it."""
    return {_CONCEALED: fingerprint}


def is_stand_in(value: object) -> bool:
    """Whether this takes the place of a secret."""
    return isinstance(value, dict) and set(value) == {_CONCEALED}


def fingerprint_in(value: Mapping[str, Any]) -> str:
    """The fingerprint that a stand-in has."""
    return str(value[_CONCEALED])


def is_sensitive(key: str, path: Path) -> bool:
    """Whether a property holds a secret, whatever its value."""
    return type_of(key).is_sensitive(path)


def leaves(fields: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is none of objects, with where it stands."""
    for name in sorted(fields):
        value = fields[name]
        if isinstance(value, dict) and not is_stand_in(value):
            yield from leaves(value, (*path, name))
        else:
            yield (*path, name), value


def value_at(fields: Mapping[str, Any], path: Path) -> Any:  # noqa: ANN401 -- JSON
    """The value at a path; None where there is none."""
    found: Any = fields
    for name in path:
        found = found.get(name) if isinstance(found, dict) and not is_stand_in(found) else None
    return found


def put(fields: Fields, path: Path, value: object) -> None:
    """Put a value where a path leads."""
    *way, last = path
    for name in way:
        fields = fields.setdefault(name, {})
    fields[last] = value


def paths_of(text: str) -> tuple[Path, ...]:
    """Which properties a document speaks of."""
    return tuple(path for path, _ in leaves(fields_of(text)))


def replaced(text: str, change: Callable[[Path, Any], Any], key: str) -> str:
    """The document with other values."""
    fields: Fields = {}
    for path, value in leaves(fields_of(text)):
        put(fields, path, change(path, value))
    return text_of(key, fields)


def without_secrets(key: str, text: str, fingerprint: Callable[[str], str]) -> str:
    """The document with stand-ins for its secrets, as it may be kept."""

    def kept(path: Path, value: object) -> object:
        return stand_in(fingerprint(value)) if is_sensitive(key, path) and isinstance(value, str) else value

    return replaced(text, kept, key)


def filled_from(key: str, text: str, others: Collection[str]) -> str:
    """The document and, of those others, what it does not speak of; the first that does counts.

    That a property is null is spoken of, too.
    """
    fields: Fields = {}
    spoken_of: set[Path] = set()
    for each in (text, *others):
        for path, value in leaves(fields_of(each)):
            around = {path[:length] for length in range(1, len(path) + 1)}
            if value_at(fields, path) is None and not around & spoken_of:
                put(fields, path, value)
                spoken_of.add(path)
    return text_of(key, fields)


def with_last_secrets(key: str, text: str, last: str | None) -> str:
    """Nobody can read a secret; what confgen wrote `last` tells its fingerprint."""
    known = fields_of(last or NOTHING)

    def told(path: Path, value: object) -> object:
        written = value_at(known, path)
        return written if is_stand_in(value) and is_stand_in(written) else value

    return replaced(text, told, key)
