"""References to secrets and files as they are written, with their placeholders filled in."""

from __future__ import annotations

from confgen.load.settings import is_reference
from confgen.load.yaml_tree import YamlMapping, YamlSequence
from confgen.model.secret import SecretReference, SecretSource


def reference(written: object, **names: str) -> SecretReference | None:
    """The reference with its placeholders filled in; None where there is none that can be used."""
    if not isinstance(written, YamlMapping) or not is_reference(written) or len(written) != 1:
        return None
    ((source, value),) = written.items()
    words = value if isinstance(value, YamlSequence) else (value,)
    if not all(isinstance(word, str) for word in words):
        return None
    return SecretReference(SecretSource(source), tuple(_filled(word, names) for word in words))


def _filled(word: str, names: dict[str, str]) -> str:
    if "{" in word:
        for name, text in names.items():
            word = word.replace(f"{{{name}}}", text)
    return word
