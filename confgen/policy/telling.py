"""Findings of rules, in the words that all of them share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.model.finding import Finding
from confgen.model.words import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from confgen.model.finding import Place
    from confgen.model.inventory import Extension, Pbx

_MOST_APART = 20  # entries of an inventory that are told one by one; of more, one finding tells
_NAMED = 3


def told(
    code: str, pbx: Pbx, message: str, mend: str, *, place: Place | None = None, subject: str | None = None
) -> Finding:
    """What a rule finds at a PBX; where nothing nearer is known, it stands where the PBX does."""
    return Finding(code=code, message=message, mend=mend, place=place or pbx.place, pbx=pbx.name, subject=subject)


def told_together(findings: Sequence[Finding], message: str) -> Iterator[Finding]:
    """The findings; where there are very many, the first, which tells of all. `message` says `{who}` in its place."""
    if len(findings) <= _MOST_APART:
        yield from findings
        return
    subjects = listed([str(finding.subject) for finding in findings], _NAMED)
    yield replace(findings[0], message=message.format(who=subjects), subject=subjects)


def product_place(pbx: Pbx, *keys: str) -> Place:
    """Where a setting stands that only the product knows; the PBX, where nobody wrote it."""
    return pbx.place if pbx.product is None else pbx.product.places.get(keys, pbx.place)


def told_of_extensions(
    code: str, pbx: Pbx, extensions: Iterable[Extension], message: str, mend: str
) -> Iterator[Finding]:
    """One finding for each entry of the inventory, `101` or `110-119`; where there are very many, one for all.

    `message` says `{who}` where they stand in it.
    """
    by_place: dict[Place, list[str]] = {}
    for extension in extensions:
        by_place.setdefault(extension.place, []).append(extension.number)
    if len(by_place) <= _MOST_APART:
        for place, numbers in by_place.items():
            subject = numbers[0] if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"
            who = f"extension {subject}" if len(numbers) == 1 else f"extensions {subject}"
            yield told(code, pbx, message.format(who=who), mend, place=place, subject=subject)
        return
    everyone = [number for numbers in by_place.values() for number in numbers]
    who = f"{count(len(everyone), 'extension')} ({listed(everyone, _NAMED)})"
    yield told(code, pbx, message.format(who=who), mend, place=next(iter(by_place)), subject=listed(everyone, _NAMED))
