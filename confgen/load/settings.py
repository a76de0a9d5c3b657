"""Which value counts: built in, then defaults, then groups in their order, then the PBX itself."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from confgen.load.yaml_tree import REFUSED, YamlMapping, YamlSequence, shared_place_of
from confgen.model.inventory import Part
from confgen.model.secret import SecretSource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confgen.model.finding import Place

_TEXTS_ALONE = frozenset({str})
_REFERENCE_KEYS = frozenset(source.value for source in SecretSource)

BUILT_IN: dict[str, Any] = {
    "sip": {"bind": ("0.0.0.0",), "port": 5061, "tls_versions": ("1.2",), "provider_port": 5062},  # noqa: S104, a PBX serves all its networks
    "rtp": {"ports": "20000-20199"},
    "certificate": {"client_certificates": "not-requested"},
    "extension": {
        "media_encryption": "sdes",
        "codecs": ("alaw", "ulaw"),
        "permit": (),
        "contacts": 1,
        "digest": "md5",
        "ring_seconds": 60,
    },
    "trunk": {"codecs": ("alaw", "ulaw")},
    "provider": {"profile": "generic"},
    "ring_group": {"order": "together", "seconds": 20},
    "ami": {"port": 5039},
    "http": {"port": 8089},
    "manage": tuple(part.value for part in Part),
    "modules": (),
    "blocked": (),
    "probe": {"name": "confgen-probe"},
    "api": {"port": 5001},
    "verify": {"from": "operator", "levels": ("state", "tls", "clear", "downgrade", "call")},
}


def merged(layers: Iterable[object]) -> YamlMapping:
    """The layers as one mapping, a later one over an earlier one: mappings deeply, all else as a whole."""
    result = YamlMapping()
    for layer in layers:
        if isinstance(layer, YamlMapping):
            _lay_over(result, layer)
    return result


def value_at(settings: object, *keys: str) -> Any:  # noqa: ANN401, any value of YAML
    """The value below these keys; None where there is none, REFUSED where it has a finding."""
    for key in keys:
        if not isinstance(settings, dict):
            break
        settings = settings.get(key)
    return settings


def given_at(settings: object, *keys: str) -> Any:  # noqa: ANN401, any value of YAML
    """The value that is written below these keys; None where there is none, or only a refused one."""
    value = value_at(settings, *keys)
    if isinstance(value, YamlSequence):
        value = usable_items(value)
    return None if value is REFUSED or value == () else value


def usable_items(written: YamlSequence) -> tuple[Any, ...]:
    """Those that have no finding; one tuple for all lists of texts that say the same."""
    items = tuple(item for item in written if item is not REFUSED)
    return _shared(items) if _TEXTS_ALONE.issuperset(map(type, items)) else items


@lru_cache(maxsize=4096)
def _shared(items: tuple[str, ...]) -> tuple[str, ...]:
    return items


def usable_at(settings: object, *keys: str) -> Any:  # noqa: ANN401, any value of YAML
    """The value below these keys, else the built-in one; None where there is neither, or only a refused one."""
    value = given_at(settings, *keys)
    return value_at(BUILT_IN, *keys) if value is None else value


def managed_parts(settings: YamlMapping) -> frozenset[Part] | None:
    """The parts of a PBX that confgen manages; None where what is written of them has a finding."""
    written = settings.get("manage")
    if written is REFUSED or (isinstance(written, YamlSequence) and REFUSED in written):
        return None
    return frozenset(map(Part, usable_at(settings, "manage")))


def place_at(settings: YamlMapping, *keys: str) -> Place | None:
    """Where the value below these keys stands."""
    *way, last = keys
    mapping = value_at(settings, *way)
    return shared_place_of(mapping.value_mark(last)) if isinstance(mapping, YamlMapping) and last in mapping else None


def is_reference(value: object) -> bool:
    """Whether this is `{env: …}`, or another of the sources of secrets and files."""
    return isinstance(value, YamlMapping) and bool(value) and _REFERENCE_KEYS.issuperset(value)


def _lay_over(result: YamlMapping, layer: YamlMapping) -> None:
    for key, value in layer.items():
        before = result.get(key)
        if isinstance(before, YamlMapping) and isinstance(value, YamlMapping) and not _is_instead(key, before, value):
            value = merged((before, value))  # noqa: PLW2901
        result.put(key, value, layer.key_mark(key), layer.value_mark(key))


def _is_instead(key: str, before: YamlMapping, value: YamlMapping) -> bool:
    """Whether the two are alternatives: another reference, or emergency numbers and the waiver of them."""
    return is_reference(value) or (key == "emergency" and ("waived" in value or "waived" in before))
