"""The values that hold for each PBX after defaults, groups and what is built in, each with its origin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confgen.load.by_kind import levels
from confgen.load.kinds import knows
from confgen.load.secret_references import filled
from confgen.load.settings import BUILT_IN, is_reference, managed_parts, value_at
from confgen.load.yaml_tree import REFUSED, YamlMapping, YamlSequence, place_of
from confgen.model import effective
from confgen.model.effective import EffectiveValue
from confgen.model.inventory import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from confgen.load.drafts import Drafts, ExtensionDraft, PbxDraft
    from confgen.model.finding import Place

_ELSEWHERE = frozenset({"extensions", "extensions_from"})  # told extension by extension
_OF_ALL = ("sip", "rtp", "certificate", "manage", "modules", "blocked", "verify")  # sections that need not be written
_WHERE_WRITTEN = ("ami", "http", "probe", "api")
_PARTS_NEEDED = {"rtp": Part.MEDIA, "ring_seconds": Part.DIALPLAN, "blocked": Part.DIALPLAN, "modules": Part.MODULES}


def effective_values(
    drafts: Drafts, root: YamlMapping, names: Collection[str], tables: Collection[str]
) -> Iterator[EffectiveValue]:
    """Those of the PBXs with these names, then those of the trunks that end there, and of the providers behind them.

    `tables` are the names of the files from which extensions are taken.
    """
    chosen = [draft for draft in drafts.pbxs.values() if draft.name in names]
    for draft in chosen:
        yield from _of_pbx(draft, root)
        for extension in draft.extensions:
            yield from _of_extension(extension, draft, root, tables)
    trunks = {trunk.name: trunk for draft in chosen for trunk in draft.all_trunks}
    for trunk in trunks.values():
        yield from _of_section("trunks", trunk.name, trunk.written, {"trunk": trunk.name})
        yield from _built_in(("trunks", trunk.name), trunk.written, BUILT_IN["trunk"])
    providers = dict.fromkeys(value_at(trunk.written, "provider") for trunk in trunks.values())
    for provider in (drafts.providers[name] for name in providers if name in drafts.providers):
        yield from _of_section("providers", provider.name, provider.written, {})
        yield from _built_in(("providers", provider.name), provider.written, BUILT_IN["provider"])


def _of_pbx(draft: PbxDraft, root: YamlMapping) -> Iterator[EffectiveValue]:
    way = ("pbxs", draft.name)
    settings = draft.settings
    for path, value, place in _leaves(settings, (), but=_ELSEWHERE):
        names = {"pbx": draft.name} | ({"user": path[2]} if path[:2] == ("ami", "users") else {})
        origin = _origin(draft, root, path, place)
        yield EffectiveValue(path=(*way, *path), value=_plain(value, names), origin=origin, place=place)
    for section in (*_OF_ALL, *(section for section in _WHERE_WRITTEN if section in settings)):
        yield from _built_in_of(draft, (section,), BUILT_IN[section])
    groups = settings.get("ring_groups")
    for name, group in groups.items() if isinstance(groups, YamlMapping) else ():
        yield from _built_in((*way, "ring_groups", name), group, BUILT_IN["ring_group"])


def _built_in_of(draft: PbxDraft, way: tuple[str, ...], value: object) -> Iterator[EffectiveValue]:
    """What is built in of what a kind of PBX knows and nobody wrote."""
    if not knows(draft.kind, *way):
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _built_in_of(draft, (*way, key), inner)
    elif value_at(draft.settings, *way) is None and _has_effect(draft, way):
        if way == ("verify", "levels"):
            value = [level.value for level in sorted(levels(draft), key=lambda level: level.value)]
        yield _of_nowhere(("pbxs", draft.name, *way), value)


def _has_effect(draft: PbxDraft, way: tuple[str, ...]) -> bool:
    """Whether the value is used where nobody wrote it: what is not managed is the PBX's own."""
    needed = _PARTS_NEEDED.get(way[0])
    return needed is None or needed in (managed_parts(draft.settings) or frozenset(Part))


def _of_extension(
    extension: ExtensionDraft, draft: PbxDraft, root: YamlMapping, tables: Collection[str]
) -> Iterator[EffectiveValue]:
    way = ("pbxs", draft.name, "extensions", extension.key)
    names = {"pbx": draft.name} | ({"extension": extension.key} if extension.key.isdecimal() else {})
    own = extension.written if isinstance(extension.written, YamlMapping) else YamlMapping()
    common = draft.settings.get("extension_defaults")
    common = common if isinstance(common, YamlMapping) else YamlMapping()
    if not own and not common:  # so that it is there, whatever is built in
        yield EffectiveValue(path=way, value=None, origin=f"pbxs.{draft.name}", place=extension.place)
    for key in {**own, **common}:
        layer = own if key in own else common
        place = place_of(layer.value_mark(key))
        if layer is common:
            origin = _origin(draft, root, ("extension_defaults", key), place)
        else:
            origin = effective.TABLE if place.file in tables else f"pbxs.{draft.name}"
        if not _is_refused(layer[key]):
            yield EffectiveValue(path=(*way, key), value=_plain(layer[key], names), origin=origin, place=place)
    for key, value in BUILT_IN["extension"].items():
        is_written = key in own or key in common
        if not is_written and _has_effect(draft, (key,)) and knows(draft.kind, "extension_defaults", key):
            yield _of_nowhere((*way, key), value)


def _origin(draft: PbxDraft, root: YamlMapping, path: tuple[str, ...], place: Place) -> str:
    """The last layer in which the value stands at this place."""
    groups = [(f"groups.{group}", value_at(root, "groups", group)) for group in reversed(draft.groups)]
    for origin, layer in (*groups, ("defaults", root.get("defaults"))):
        *way, last = path
        mapping = value_at(layer, *way)
        if isinstance(mapping, YamlMapping) and last in mapping and place_of(mapping.value_mark(last)) == place:
            return origin
    return f"pbxs.{draft.name}"


def _of_section(section: str, name: str, written: object, names: Mapping[str, str]) -> Iterator[EffectiveValue]:
    if isinstance(written, YamlMapping):
        for path, value, place in _leaves(written, ()):
            origin = f"{section}.{name}"
            yield EffectiveValue(path=(section, name, *path), value=_plain(value, names), origin=origin, place=place)


def _built_in(way: tuple[str, ...], written: object, values: Mapping[str, Any]) -> Iterator[EffectiveValue]:
    for key, value in values.items():
        if value_at(written, key) is None:
            yield _of_nowhere((*way, key), value)


def _of_nowhere(path: tuple[str, ...], value: object) -> EffectiveValue:
    plain = list(value) if isinstance(value, tuple) else value
    return EffectiveValue(path=path, value=plain, origin=effective.BUILT_IN, place=None)


def _leaves(
    mapping: YamlMapping, way: tuple[str, ...], *, but: frozenset[str] = frozenset()
) -> Iterator[tuple[tuple[str, ...], Any, Place]]:
    """Every value that is not put together of several layers, with the keys that lead to it."""
    for key, value in mapping.items():
        path = (*way, key)
        if isinstance(value, YamlMapping) and value and not is_reference(value):
            if key not in but:
                yield from _leaves(value, path)
        elif key not in but and not _is_refused(value):
            yield path, value, place_of(mapping.value_mark(key))


def _is_refused(value: object) -> bool:
    """Whether nothing can be told: of a reference also where a part of it is refused."""
    return value is REFUSED or (is_reference(value) and _holds_refused(value))


def _holds_refused(value: object) -> bool:
    match value:
        case dict():
            return any(map(_holds_refused, value.values()))
        case list():
            return any(map(_holds_refused, value))
        case _:
            return value is REFUSED


def _plain(value: object, names: Mapping[str, str]) -> Any:  # noqa: ANN401, any value of YAML
    """Without marks, and with the placeholders of references filled in."""
    if is_reference(value):
        return _filled(value, names)
    if isinstance(value, YamlMapping):
        return {key: _plain(item, names) for key, item in value.items() if not _is_refused(item)}
    if isinstance(value, YamlSequence):
        return [_plain(item, names) for item in value if not _is_refused(item)]
    return value


def _filled(value: object, names: Mapping[str, str]) -> Any:  # noqa: ANN401, any value of YAML
    match value:
        case str():
            return filled(value, names)
        case dict():
            return {key: _filled(item, names) for key, item in value.items()}
        case list():
            return [_filled(item, names) for item in value]
        case _:
            return value
