"""A push that was cut off, told object by object. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.threecx.present import differing
from confgen.drivers.threecx.records import Step
from confgen.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confgen.drivers.threecx.present import Present
    from confgen.drivers.threecx.records import Entry, Journal
    from confgen.model.inventory import Pbx


def is_cut_off(journal: Journal | None) -> bool:
    """Whether something was written that nobody has proven or undone."""
    return journal is not None and journal.has_begun


def cut_findings(pbx: Pbx, journal: Journal | None, objects: Mapping[str, Present]) -> tuple[Finding, ...]:
    """One warning with how each object stands; the next push goes on from there."""
    if journal is None or not journal.has_begun:
        return ()
    told = "; ".join(f"{entry.key} {_standing(entry, objects.get(entry.key))}" for entry in journal.entries)
    return (
        Finding(
            code="TCX-24",
            message=f"generation {journal.generation}, which {journal.owner} was pushing, came to no end: {told}",
            mend="`confgen push` goes on from there and proves it; `confgen rollback` goes back to generation "
            f"{journal.previous}",
            severity=Severity.WARNING,
            place=pbx.place,
            pbx=pbx.name,
        ),
    )


def _standing(entry: Entry, one: Present | None) -> str:
    """What can be told of an object now, which is not always what the push came to know."""
    words = "; ".join(_words(entry, one))
    if entry.secrets and entry.is_touched:
        words += f" ({', '.join(entry.secrets)} cannot be read, and may be the new one)"
    return words


def _words(entry: Entry, one: Present | None) -> Iterator[str]:
    match entry.step:
        case Step.WAITING:
            yield "was not reached"
        case Step.UNDONE:
            yield "was written back"
        case Step.BEGUN | Step.ANSWERED | Step.WRITTEN:
            if one is None:
                yield "is not there" if entry.after is not None or entry.before is None else "was removed"
            elif entry.after is None:
                yield "is there still"
            elif entry.before is not None and not differing(entry.key, entry.before, one):
                same = not differing(entry.key, entry.after, one)
                yield "was written" if same and entry.step is Step.WRITTEN else "is as before"
            elif not differing(entry.key, entry.after, one):
                yield "was written"
            else:
                yield "is neither as before nor as it should be"
