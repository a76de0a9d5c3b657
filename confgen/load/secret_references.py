"""References to secrets and files as they are written, with their placeholders filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.settings import is_reference
from confgen.load.yaml_tree import YamlMapping, YamlSequence, shared_place_of
from confgen.model.secret import SecretReference, SecretSource

if TYPE_CHECKING:
    from collections.abc import Mapping

_USUAL_MOUNT = "secret"  # of the key-value store in a vault that nobody has arranged otherwise


def reference(written: object, **names: str) -> SecretReference | None:
    """The reference with its placeholders filled in; None where there is none that can be used."""
    if not isinstance(written, YamlMapping) or not is_reference(written) or len(written) != 1:
        return None
    ((source, value),) = written.items()
    words = _words(source, value)
    if words is None:
        return None
    place = shared_place_of(written.key_mark(source))
    return SecretReference(SecretSource(source), tuple(filled(word, names) for word in words), place)


def _words(source: str, value: object) -> tuple[str, ...] | None:
    """As the model has them; None where one of them was refused."""
    if isinstance(value, YamlMapping):
        words = [value.get(key, _USUAL_MOUNT if key == "mount" else None) for key in _KEYS.get(source, ())]
    else:
        words = list(value) if isinstance(value, YamlSequence) else [value]
    texts = tuple(word for word in words if isinstance(word, str))
    if not words or len(texts) < len(words):
        return None
    if source == SecretSource.SOPS.value:
        file, key = texts
        return (file, *key.split("."))  # before placeholders are filled in: a dot in a name parts nothing
    return texts


_KEYS = {"sops": ("file", "key"), "vault": ("mount", "path", "field"), "keyring": ("service", "user")}


def filled(word: str, names: Mapping[str, str]) -> str:
    """A word with each `{name}` that means something here replaced."""
    if "{" in word:
        for name, text in names.items():
            word = word.replace(f"{{{name}}}", text)
    return word
