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
    return Tree(root=root, place=tree.place, findings=(*tree.findings, *_secrets(own)))


def _secrets(own: YamlMapping) -> Iterator[Finding]:
    seen: set[tuple[int, bool]] = set()  # aliases lead to the same values again and again

    def below(value: object, mark: yaml.Mark, *, is_secret: bool) -> Iterator[Finding]:
        if isinstance(value, YamlMapping | YamlSequence):
            if (id(value), is_secret) in seen or is_reference(value):
                return
            seen.add((id(value), is_secret))
        if isinstance(value, YamlMapping):
            for key, inner in value.items():
                sounds_so = sounds_confidential(key) and key not in _COLUMNS
                yield from below(inner, value.value_mark(key), is_secret=is_secret or sounds_so)
        elif isinstance(value, YamlSequence):
            for inner, at in zip(value, value.marks, strict=True):
                yield from below(inner, at, is_secret=is_secret)
        elif is_secret and value != "" and isinstance(value, str | int) and not isinstance(value, bool):
            yield fault(
                "LOAD-14",
                "what stands under this key is written out, and an inventory holds references only",
                "write {env: NAME} or another reference, and change the secret if others could read it; if it is none, "
                "give it another key",
                place_of(mark),
            )

    if own.marks:
        yield from below(own, own.marks[0], is_secret=False)
