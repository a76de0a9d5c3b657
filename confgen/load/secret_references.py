"""References to secrets and files as they are written, with their placeholders filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.settings import is_reference
from confgen.load.yaml_tree import YamlMapping, YamlSequence
from confgen.model.secret import SecretReference, SecretSource

if TYPE_CHECKING:
    from collections.abc import Mapping


def reference(written: object, **names: str) -> SecretReference | None:
    """The reference with its placeholders filled in; None where there is none that can be used."""
    if not isinstance(written, YamlMapping) or not is_reference(written) or len(written) != 1:
        return None
    ((source, value),) = written.items()
    words = value if isinstance(value, YamlSequence) else (value,)
    if not all(isinstance(word, str) for word in words):
        return None
    return SecretReference(SecretSource(source), tuple(filled(word, names) for word in words))


def filled(word: str, names: Mapping[str, str]) -> str:
    """A word with each `{name}` that means something here replaced."""
    if "{" in word:
        for name, text in names.items():
            word = word.replace(f"{{{name}}}", text)
    return word
