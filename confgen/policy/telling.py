"""Findings of rules, in the words that all of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confgen.model.finding import Place
    from confgen.model.inventory import Extension, Pbx


def told(
    code: str, pbx: Pbx, message: str, mend: str, *, place: Place | None = None, subject: str | None = None
) -> Finding:
    """What a rule finds at a PBX; where nothing nearer is known, it stands where the PBX does."""
    return Finding(code=code, message=message, mend=mend, place=place or pbx.place, pbx=pbx.name, subject=subject)


def product_place(pbx: Pbx, *keys: str) -> Place:
    """Where a setting stands that only the product knows; the PBX, where nobody wrote it."""
    return pbx.place if pbx.product is None else pbx.product.places.get(keys, pbx.place)


def told_of_extensions(
    code: str, pbx: Pbx, extensions: Iterable[Extension], message: str, mend: str
) -> Iterator[Finding]:
    """One finding for each entry of the inventory, `101` or `110-119`; `message` says `{who}` where they stand in it.

    What `{who}` reads is `extension 101`, or `extensions 110-119`.
    """
    by_place: dict[Place, list[str]] = {}
    for extension in extensions:
        by_place.setdefault(extension.place, []).append(extension.number)
    for place, numbers in by_place.items():
        subject = numbers[0] if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"
        who = f"extension {subject}" if len(numbers) == 1 else f"extensions {subject}"
        yield told(code, pbx, message.format(who=who), mend, place=place, subject=subject)
