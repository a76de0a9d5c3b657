"""What only a product knows of a PBX, kept as its schema accepted it, and how the product's API is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confgen.load.kinds import schema_of
from confgen.load.secret_references import reference
from confgen.load.settings import given_at, is_reference, usable_at, value_at
from confgen.load.yaml_tree import REFUSED, YamlMapping, YamlSequence, place_of
from confgen.model.api import ApiAccess
from confgen.model.inventory import ProductSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.load.drafts import ExtensionDraft, PbxDraft
    from confgen.model.finding import Place

# What the model has a place for, whatever the product.
_OF_PBX = frozenset(
    {
        *("kind", "groups", "address", "product_version", "ssh", "sip", "rtp", "certificate", "echo_number", "probe"),
        *("extension_defaults", "extensions", "extensions_from", "routes", "manage", "include", "modules"),
        *(
            "installation",
            "nat",
            "ami",
            "http",
            "dialling",
            "blocked",
            "emergency",
            "channels",
            "ring_groups",
            "verify",
        ),
        *("migration", "api", "site"),
    }
)
_OF_EXTENSION = frozenset(
    {
        *("name", "secret", "media_encryption", "codecs", "permit", "contacts", "digest", "ring_seconds", "context"),
        *("webrtc", "outside_number", "forward"),
    }
)


def api(draft: PbxDraft, domain: str) -> ApiAccess | None:
    """How it is asked; None where that is not said, or not whole."""
    settings = draft.settings
    client, secret = given_at(settings, "api", "client"), reference(value_at(settings, "api", "secret"), pbx=draft.name)
    if client is None or secret is None:
        return None
    return ApiAccess(
        name=domain,
        port=usable_at(settings, "api", "port"),
        client=client,
        secret=secret,
        authority=reference(value_at(settings, "api", "authority"), pbx=draft.name),
        is_direct=given_at(settings, "api", "direct") is True,
    )


def product_settings(draft: PbxDraft) -> ProductSettings | None:
    """What the model has no place for; None for a kind of PBX that has nothing of the sort."""
    own = frozenset(schema_of(draft.kind)["properties"]) - _OF_PBX
    if not own:
        return None
    reader = _Reader(draft.name)
    values = reader.mapping({key: value for key, value in draft.settings.items() if key in own}, ())
    for key in values:
        reader.places[key,] = place_of(draft.settings.key_mark(key))
    if extensions := _extensions(draft, reader):
        values["extensions"] = extensions
    return ProductSettings(values=values, places=reader.places)


def _extensions(draft: PbxDraft, reader: _Reader) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    common = dict(_of_product(draft.settings.get("extension_defaults")))
    for extension in draft.extensions:
        own = common | dict(_of_product(extension.written))
        if own:
            for number in extension.numbers:
                found[number] = own
                reader.places.update(_places(extension, number))
    return found


def _of_product(written: object) -> Iterator[tuple[str, Any]]:
    if isinstance(written, YamlMapping):
        yield from ((key, value) for key, value in _usable(written) if key not in _OF_EXTENSION)


def _places(extension: ExtensionDraft, number: str) -> Iterator[tuple[tuple[str | int, ...], Place]]:
    yield ("extensions", number), extension.place
    if isinstance(extension.written, YamlMapping):
        for key in extension.written:
            yield ("extensions", number, key), place_of(extension.written.value_mark(key))


def _usable(mapping: YamlMapping) -> Iterator[tuple[str, Any]]:
    return ((key, value) for key, value in mapping.items() if value is not REFUSED)


class _Reader:
    """Plain values of what is written, and where each of them stands."""

    def __init__(self, pbx: str) -> None:
        self._pbx = pbx
        self.places: dict[tuple[str | int, ...], Place] = {}

    def mapping(self, written: dict[str, Any], way: tuple[str | int, ...]) -> dict[str, Any]:
        """Without what was refused, and without references that cannot be used."""
        read = ((key, self.value(value, (*way, key))) for key, value in written.items() if value is not REFUSED)
        return {key: value for key, value in read if value is not None}

    def value(self, written: Any, way: tuple[str | int, ...]) -> Any:  # noqa: ANN401, any value of YAML
        """The value with references in the place of what refers; a reference that cannot be used is None."""
        if is_reference(written):
            return reference(written, pbx=self._pbx)
        if isinstance(written, YamlMapping):
            self.places.update(((*way, key), place_of(written.key_mark(key))) for key in written)
            return self.mapping(written, way)
        if isinstance(written, YamlSequence):
            for at, mark in enumerate(written.marks):
                self.places[*way, at] = place_of(mark)
            return tuple(self.value(item, (*way, at)) for at, item in enumerate(written) if item is not REFUSED)
        return written
