"""PBXs and trunks as they were written, with what applies to them gathered, before they are known to be whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confgen.load.kinds import Layers
from confgen.load.numbers import BadRange, numbers_of
from confgen.load.tables import is_table
from confgen.load.wording import as_seen_from
from confgen.load.yaml_tree import REFUSED, YamlMapping, YamlSequence, place_of
from confgen.model.finding import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confgen.load.kinds import Product
    from confgen.model.driver import Traits

LARGEST_INVENTORY = 500_000  # extensions, after ranges are written out


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionDraft:
    """One entry of `extensions`; `numbers` are those that no earlier entry has."""

    key: str
    numbers: tuple[str, ...]
    written: Any  # a mapping, None or REFUSED
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkDraft:
    """A trunk; `ends` is None where they have a finding."""

    name: str
    ends: tuple[str, str] | None
    written: Any
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderTrunkDraft:
    """A trunk to a provider; `pbx` and `provider` are None where they have a finding."""

    name: str
    pbx: str | None
    provider: str | None
    written: YamlMapping
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderDraft:
    """A provider; `written` is a mapping or REFUSED."""

    name: str
    written: Any
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxDraft:
    """A PBX; `settings` has defaults, groups and its own values merged."""

    name: str
    place: Place
    settings: YamlMapping
    groups: tuple[str, ...]
    is_complete: bool  # every layer of its settings is known
    extensions: tuple[ExtensionDraft, ...]
    numbers: Mapping[str, ExtensionDraft]
    has_all_numbers: bool  # none of its extensions was refused
    trunks: tuple[TrunkDraft, ...]
    provider_trunks: tuple[ProviderTrunkDraft, ...]
    kind: str
    traits: Traits

    @property
    def all_trunks(self) -> tuple[TrunkDraft | ProviderTrunkDraft, ...]:
        """The trunks that end here, to peers and to providers."""
        return (*self.trunks, *self.provider_trunks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """Every PBX, trunk and provider of an inventory, and the findings that came up while they were gathered."""

    pbxs: Mapping[str, PbxDraft]
    pbx_names: frozenset[str]  # also of those that are refused as a whole
    trunks: Mapping[str, TrunkDraft]  # between two PBXs
    provider_trunks: Mapping[str, ProviderTrunkDraft]
    providers: Mapping[str, ProviderDraft]
    refused: frozenset[str]  # the sections that are no mappings
    findings: tuple[Finding, ...]

    def may_end_anywhere(self, trunk: str) -> bool:
        """Whether there is such a trunk, and what it ends at has a finding already."""
        if trunk in self.trunks:
            return self.trunks[trunk].ends is None
        if "trunks" in self.refused:
            return True
        to_provider = self.provider_trunks.get(trunk)
        return to_provider is not None and to_provider.pbx not in self.pbx_names


def drafts_of(root: YamlMapping, kinds: Mapping[str, Product]) -> Drafts:
    """Gather what the sections of an inventory say of each PBX."""
    findings: list[Finding] = []
    trunks = {trunk.name: trunk for trunk in _trunks(_section(root, "trunks"))}
    provider_trunks = {trunk.name: trunk for trunk in _provider_trunks(_section(root, "trunks"))}
    trunks_of: dict[str, list[TrunkDraft]] = {}
    for trunk in trunks.values():
        for end in set(trunk.ends or ()):
            trunks_of.setdefault(end, []).append(trunk)
    provider_trunks_of: dict[str, list[ProviderTrunkDraft]] = {}
    for to_provider in provider_trunks.values():
        if to_provider.pbx is not None:
            provider_trunks_of.setdefault(to_provider.pbx, []).append(to_provider)
    pbxs: dict[str, PbxDraft] = {}
    written = _section(root, "pbxs")
    room = LARGEST_INVENTORY
    as_known = Layers()
    for name, pbx in written.items():
        if not isinstance(pbx, YamlMapping):
            continue
        extensions = _Extensions(name, room)
        extensions.gather(pbx.get("extensions"))
        extensions.is_whole &= pbx.get("extensions_from") is not REFUSED
        room -= len(extensions.numbers)
        findings.extend(extensions.findings)
        groups = [group for group in _items(pbx.get("groups")) if isinstance(group, str)]
        layers = [root.get("defaults"), *(_section(root, "groups").get(group, REFUSED) for group in groups)]
        kind: str = pbx["kind"]
        settings, passed_over = as_known.merged(kind, layers, pbx)
        findings.extend(passed_over)
        pbxs[name] = PbxDraft(
            name=name,
            place=place_of(written.key_mark(name)),
            settings=settings,
            groups=tuple(groups),
            is_complete=REFUSED not in [*layers, *_items(pbx.get("groups"))],
            kind=kind,
            traits=kinds[kind].traits,
            extensions=tuple(extensions.drafts),
            numbers=extensions.numbers,
            has_all_numbers=extensions.is_whole,
            trunks=tuple(trunks_of.get(name, ())),
            provider_trunks=tuple(provider_trunks_of.get(name, ())),
        )
    return Drafts(
        pbxs=pbxs,
        pbx_names=frozenset(written),
        trunks=trunks,
        provider_trunks=provider_trunks,
        providers={provider.name: provider for provider in _providers(_section(root, "providers"))},
        refused=frozenset(section for section, written_there in root.items() if written_there is REFUSED),
        findings=tuple(findings),
    )


def _section(root: YamlMapping, name: str) -> YamlMapping:
    section = root.get(name)
    return section if isinstance(section, YamlMapping) else YamlMapping()


def _items(value: object) -> YamlSequence:
    return value if isinstance(value, YamlSequence) else YamlSequence()


def _trunks(section: YamlMapping) -> Iterator[TrunkDraft]:
    for name, written in section.items():
        if _is_to_provider(written):
            continue
        between = written.get("between") if isinstance(written, YamlMapping) else None
        match between:
            case [str(one), str(other)]:
                ends: tuple[str, str] | None = (one, other)
            case _:
                ends = None
        yield TrunkDraft(name=name, ends=ends, written=written, place=place_of(section.key_mark(name)))


def _is_to_provider(written: object) -> bool:
    return isinstance(written, YamlMapping) and "provider" in written


def _provider_trunks(section: YamlMapping) -> Iterator[ProviderTrunkDraft]:
    for name, written in section.items():
        if _is_to_provider(written):
            pbx, provider = (written.get(key) for key in ("pbx", "provider"))
            yield ProviderTrunkDraft(
                name=name,
                pbx=pbx if isinstance(pbx, str) else None,
                provider=provider if isinstance(provider, str) else None,
                written=written,
                place=place_of(section.key_mark(name)),
            )


def _providers(section: YamlMapping) -> Iterator[ProviderDraft]:
    for name, written in section.items():
        yield ProviderDraft(name=name, written=written, place=place_of(section.key_mark(name)))


class _Extensions:
    """The extensions of one PBX while they are gathered."""

    def __init__(self, pbx: str, room: int) -> None:
        self._pbx = pbx
        self._room = room
        self.drafts: list[ExtensionDraft] = []
        self.numbers: dict[str, ExtensionDraft] = {}
        self.findings: list[Finding] = []
        self.is_whole = True

    def gather(self, section: object) -> None:
        if not isinstance(section, YamlMapping):
            self.is_whole = section is None
            return
        for (key, written), mark in zip(section.items(), section.marks[::2], strict=True):
            place = place_of(mark)
            try:
                numbers = numbers_of(key)
            except BadRange as bad:
                self.is_whole = False
                if is_table(place.file):
                    self._report("REF-05", "this is no range of numbers", "write the lower one first, as long", place)
                else:
                    self._report("REF-05", str(bad), bad.mend, place)
                continue
            except ValueError:  # no number at all: the schema has refused it
                self.is_whole = False
                continue
            if written is REFUSED and not numbers[0].isdecimal():
                self.is_whole = False
                continue
            if len(self.numbers) + len(numbers) > self._room:
                wrong = f"with this there are more than {LARGEST_INVENTORY:,} extensions in the inventory"
                self._report("REF-05", wrong, "divide it into several inventories", place)
                self.is_whole = False
                self.drafts.clear()  # nobody waits for half a million extensions that are refused
                return
            self._add(key, numbers, written, place)

    def _add(self, key: str, numbers: tuple[str, ...], written: object, place: Place) -> None:
        taken = {self.numbers[number].key: number for number in reversed(numbers) if number in self.numbers}
        for other, number in reversed(taken.items()):
            where = as_seen_from(place, self.numbers[number].place)
            what, also = f"extension {number}", "" if other == number else f', in the range "{other}"'
            if is_table(place.file) or is_table(self.numbers[number].place.file):
                what, also = "this extension", "" if other == number else ", in a range"
            self._report(
                "REF-04",
                f"{what} stands twice: also {where}{also}",
                "remove it from one of the two, or choose another number",
                place,
            )
        free = tuple(number for number in numbers if number not in self.numbers) if taken else numbers
        draft = ExtensionDraft(key=key, numbers=free, written=written, place=place)
        self.drafts.append(draft)
        for number in free:
            self.numbers[number] = draft

    def _report(self, code: str, message: str, mend: str, place: Place) -> None:
        self.findings.append(Finding(code=code, message=message, mend=mend, place=place, pbx=self._pbx))
