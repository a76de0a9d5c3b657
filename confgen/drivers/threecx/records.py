"""What the operator's shelf keeps of a 3CX: what confgen wrote, its generations, and the push under way. No secrets."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from confgen.model.host import HostError
from confgen.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.shelf import Shelf

FORMAT = 1
_KEY = "key"
_STATE = "state"
_JOURNAL = "journal"
_GENERATIONS = "generations/"
MOST_GENERATIONS = 10  # kept, besides what was there before confgen


class Step(Enum):
    """How far a push has come with one object."""

    WAITING = "waiting"
    BEGUN = "begun"  # whether the PBX did it is not known
    ANSWERED = "answered"  # well: whatever of it can be read back, its secrets went
    WRITTEN = "written"  # and read back
    UNDONE = "undone"  # and read back


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What confgen wrote under a key last, and what could be read of it right after."""

    digest: str  # fingerprint of the SHA-256 of the document with its secrets: nobody can try out guesses by it
    text: str  # with stand-ins for secrets
    reading: str
    is_made: bool = False  # by confgen: nothing was there


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A document of a generation: its text with stand-ins for secrets, its digest, a fingerprint, with them."""

    text: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The generation that was confirmed last."""

    push: str = ""  # that confirmed it
    generation: int | None = None
    generations: tuple[int, ...] = ()
    written: Mapping[str, Written] = field(default_factory=dict)
    origins: Mapping[str, str | None] = field(default_factory=dict)  # what was there before confgen; None: nothing
    firsts: Mapping[str, str] = field(default_factory=dict)  # of what confgen made: before it first wrote a property


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One object of a push under way. The texts have stand-ins for secrets."""

    key: str
    before: str | None  # None: nothing is there
    after: str | None  # None: it is removed
    digest: str | None  # of the document with its secrets
    step: Step = Step.WAITING
    reading: str | None = None  # right after it was written
    secrets: tuple[str, ...] = ()  # properties whose old value nobody knows, so that it cannot come back

    @property
    def is_touched(self) -> bool:
        """Whether the PBX may have another object by it."""
        return self.step in (Step.BEGUN, Step.ANSWERED, Step.WRITTEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """A push under way, or cut off."""

    push: str
    owner: str
    generation: int
    previous: int
    entries: tuple[Entry, ...]

    @property
    def has_begun(self) -> bool:
        """Whether the PBX may be another one by it."""
        return any(entry.is_touched for entry in self.entries)

    def entry(self, key: str) -> Entry | None:
        """What it says of an object."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def with_entry(self, entry: Entry) -> Journal:
        """The same with one object further on."""
        return replace(self, entries=tuple(entry if entry.key == known.key else known for known in self.entries))


def fingerprint_key(shelf: Shelf) -> Secret:
    """Under which fingerprints are made; it is made where there is none yet."""
    known = shelf.read(_KEY)
    if known is None:
        shelf.create(_KEY, secrets.token_hex(32))
        known = shelf.read(_KEY)
    return Secret((known or "").strip())


def state(shelf: Shelf) -> State:
    """What was confirmed last."""
    told = _read(shelf, _STATE)
    if told is None:
        return State()
    return State(
        push=told["push"],
        generation=told["generation"],
        generations=tuple(told["generations"]),
        written={key: Written(**written) for key, written in told["written"].items()},
        origins=told["origins"],
        firsts=told["firsts"],
    )


def last_texts(confirmed: State, under_way: Journal | None) -> Mapping[str, str]:
    """What confgen wrote last, or may have where a push was cut off, by key."""
    texts = {key: one.text for key, one in confirmed.written.items()}
    entries = () if under_way is None else under_way.entries
    return texts | {entry.key: entry.after for entry in entries if entry.is_touched and entry.after is not None}


def keep_state(shelf: Shelf, kept: State) -> None:
    """From here on a generation is confirmed."""
    _write(shelf, _STATE, asdict(kept))


def journal(shelf: Shelf) -> Journal | None:
    """The push under way, or cut off; what was confirmed is neither, though its journal may lie there still."""
    told = _read(shelf, _JOURNAL)
    if told is None or told["push"] == state(shelf).push:
        return None
    entries = tuple(
        Entry(**{**entry, "step": Step(entry["step"]), "secrets": tuple(entry["secrets"])})
        for entry in told.pop("entries")
    )
    return Journal(**told, entries=entries)


def keep_journal(shelf: Shelf, kept: Journal) -> None:
    """How far a push has come."""
    told = asdict(kept)
    for entry in told["entries"]:
        entry["step"] = entry["step"].value
    _write(shelf, _JOURNAL, told)


def close_journal(shelf: Shelf) -> None:
    """Nothing is under way."""
    shelf.remove(_JOURNAL)


def sweep(shelf: Shelf) -> None:
    """Remove what a push left that was cut off right after it was confirmed; for who alone has the PBX."""
    if shelf.read(_JOURNAL) is not None and journal(shelf) is None:
        close_journal(shelf)


def generation(shelf: Shelf, number: int) -> Mapping[str, Kept] | None:
    """The documents of a generation that was confirmed; None where it is not kept."""
    told = _read(shelf, f"{_GENERATIONS}{number}")
    return None if told is None else {key: Kept(**kept) for key, kept in told["documents"].items()}


def keep_generation(shelf: Shelf, number: int, documents: Mapping[str, Kept]) -> None:
    """Lay the documents of a generation beside the others."""
    _write(shelf, f"{_GENERATIONS}{number}", {"documents": {key: asdict(kept) for key, kept in documents.items()}})


def forget_generation(shelf: Shelf, number: int) -> None:
    """It is not kept any more."""
    shelf.remove(f"{_GENERATIONS}{number}")


def _read(shelf: Shelf, name: str) -> dict[str, Any] | None:
    text = shelf.read(name)
    if text is None:
        return None
    try:
        told: dict[str, Any] = json.loads(text)
        version = told.pop("format")
    except (ValueError, KeyError, AttributeError, TypeError):
        version = None
    if version != FORMAT:
        raise HostError(
            f"what the operator keeps of this PBX under {name!r} is not what this confgen writes: move it away"
        )
    return told


def _write(shelf: Shelf, name: str, told: Mapping[str, Any]) -> None:
    shelf.write(name, json.dumps({"format": FORMAT, **told}, indent=1, sort_keys=True) + "\n")
