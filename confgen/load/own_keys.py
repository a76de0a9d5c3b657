"""Keys of the user's own, `x-…`: looked through for secrets, then left out, as aliases repeat what is of use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.confidential import sounds_confidential
from confgen.load.faults import fault
from confgen.load.settings import is_reference
from confgen.load.yaml_tree import Tree, YamlMapping, YamlSequence, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import yaml

    from confgen.model.finding import Finding

_OWN = "x-"
_COLUMNS = frozenset({"secret_env", "secret_file"})  # of a table, which hold references


def without_own_keys(tree: Tree) -> Tree:
    """The tree as it counts; a secret that is written out below such a key is a finding."""
    if not isinstance(tree.root, YamlMapping) or not any(key.startswith(_OWN) for key in tree.root):
        return tree
    own, root = YamlMapping(), YamlMapping()
    for key, value in tree.root.items():
        chosen = own if key.startswith(_OWN) else root
        chosen.put(key, value, tree.root.key_mark(key), tree.root.value_mark(key))
    found = _Search().below(own, own.marks[0], is_secret=False)
    return Tree(root=root, place=tree.place, findings=(*tree.findings, *found))


class _Search:
    """For secrets that are written out."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, bool]] = set()  # aliases lead to the same values again and again
        self._words: dict[str, bool] = {}  # and merges to the same keys

    def below(self, value: object, mark: yaml.Mark, *, is_secret: bool) -> Iterator[Finding]:
        """Those in a value, or the value itself where a key above it names a secret."""
        if isinstance(value, YamlMapping | YamlSequence):
            if (id(value), is_secret) not in self._seen and not is_reference(value):
                self._seen.add((id(value), is_secret))
                yield from self._within(value, is_secret=is_secret)
        elif is_secret and value != "" and isinstance(value, str | int) and not isinstance(value, bool):
            yield fault(
                "LOAD-14",
                "what stands under this key is written out, and an inventory holds references only",
                "write {env: NAME} or another reference, and change the secret if others could read it; if it is none, "
                "give it another key",
                place_of(mark),
            )

    def _within(self, value: YamlMapping | YamlSequence, *, is_secret: bool) -> Iterator[Finding]:
        if isinstance(value, YamlSequence):
            for inner, mark in zip(value, value.marks, strict=True):
                yield from self.below(inner, mark, is_secret=is_secret)
            return
        for key, inner in value.items():
            is_one = is_secret or self._names_one(key)
            if is_one or isinstance(inner, dict | list):
                yield from self.below(inner, value.value_mark(key), is_secret=is_one)

    def _names_one(self, key: str) -> bool:
        if key not in self._words:
            self._words[key] = sounds_confidential(key) and key not in _COLUMNS
        return self._words[key]
