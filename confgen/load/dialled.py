"""What is written of a PBX's dialled numbers, as far as it can be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.load.settings import place_at, value_at
from confgen.load.yaml_tree import YamlMapping, YamlSequence, marked_items, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.load.drafts import PbxDraft
    from confgen.model.finding import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text of the inventory with its place."""

    text: str
    place: Place


def routes(draft: PbxDraft) -> Iterator[tuple[YamlMapping, Place]]:
    routes = draft.settings.get("routes")
    if isinstance(routes, YamlSequence):
        yield from ((route, place) for route, place in marked_items(routes) if isinstance(route, YamlMapping))


def patterns_of_routes(draft: PbxDraft) -> list[Said]:
    return [
        Said(text=pattern, place=place_of(route.value_mark("numbers")))
        for route, _ in routes(draft)
        if isinstance(pattern := route.get("numbers"), str)
    ]


def ring_groups(draft: PbxDraft) -> dict[str, YamlMapping]:
    groups = draft.settings.get("ring_groups")
    if not isinstance(groups, YamlMapping):
        return {}
    return {name: group for name, group in groups.items() if isinstance(group, YamlMapping)}


def emergency_numbers(draft: PbxDraft) -> dict[str, Said]:
    return {said.text: said for said in _texts(value_at(draft.settings, "emergency", "numbers"))}


def blocked(draft: PbxDraft) -> list[Said]:
    return _texts(draft.settings.get("blocked"))


def owners(draft: PbxDraft, number: str, groups: dict[str, Place]) -> Iterator[tuple[str, Place]]:
    """What else of this PBX has a number."""
    if (extension := draft.numbers.get(number)) is not None:
        yield "an extension", extension.place
    if value_at(draft.settings, "echo_number") == number:
        yield "the echo number", place_at(draft.settings, "echo_number") or draft.place
    if number in groups:
        yield "the number of a ring group", groups[number]


def _texts(written: object) -> list[Said]:
    if not isinstance(written, YamlSequence):
        return []
    return [Said(text=item, place=place) for item, place in marked_items(written) if isinstance(item, str)]
