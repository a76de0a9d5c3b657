"""The sections of an inventory, put together from all of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.confidential import is_undivided
from confgen.load.schema import inventory_schema
from confgen.load.yaml_tree import REFUSED, Tree, YamlMapping, place_of
from confgen.model.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

_BY_NAME = frozenset({"groups", "pbxs", "providers", "trunks"})  # sections that may be divided among files
_OF_EACH_FILE = frozenset({"include", "version"})


def joined(trees: Sequence[Tree]) -> tuple[YamlMapping, tuple[Finding, ...]]:
    """One inventory of all files, and what stands twice or nowhere in them."""
    root = YamlMapping()
    findings: list[Finding] = []
    for tree in trees:
        if isinstance(tree.root, YamlMapping):
            findings.extend(_added(root, tree.root))
    if all(isinstance(tree.root, YamlMapping) for tree in trees):
        findings.extend(_missing(root, trees[0]))
    return root, tuple(findings)


def _added(root: YamlMapping, more: YamlMapping) -> list[Finding]:
    findings: list[Finding] = []
    for key, value in more.items():
        marks = (more.key_mark(key), more.value_mark(key))
        if key not in root or root[key] is REFUSED:
            root.put(key, _own(value) if key in _BY_NAME else value, *marks)
        elif key in _BY_NAME and isinstance(value, YamlMapping):
            findings += [_twice(value, name, root[key]) for name in value if name in root[key]]
            root[key].lay_under(value)
        elif key not in _BY_NAME | _OF_EACH_FILE and value is not REFUSED:
            findings.append(_twice(more, key, root))
    return findings


def _own(value: object) -> object:
    """A mapping that others can be added to, without a change to what a file says."""
    if not isinstance(value, YamlMapping):
        return value
    own = YamlMapping()
    own.lay_under(value)
    return own


def _twice(mapping: YamlMapping, key: str, before: YamlMapping) -> Finding:
    what = f'the key "{key}"' if is_undivided(key) else "a key"
    return Finding(
        code="LOAD-03",
        message=f"{what} stands twice, first at {place_of(before.key_mark(key))}",
        mend="remove one of the two",
        place=place_of(mapping.key_mark(key)),
    )


def _missing(root: YamlMapping, first: Tree) -> list[Finding]:
    schema = inventory_schema()
    return [
        Finding(
            code="LOAD-13",
            message=f"the inventory has no `{key}`",
            mend=f"add `{key}`: {schema['properties'][key]['title']}",
            place=first.place,
        )
        for key in schema["required"]
        if key not in root
    ]
