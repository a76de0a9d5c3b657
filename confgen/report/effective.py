"""Effective values as text, as an inventory of their own, and as JSON.

The JSON has format_version, command ("show"), inventory (the path as it was given) and values, each with path (the keys
that lead to it), value, origin (`built in`, `defaults`, `groups.NAME`, `pbxs.NAME`, `table`, `trunks.NAME` or
`providers.NAME`) and place (file, line, column; null for what is built in). Secrets are references.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import groupby

from confgen.model.effective import BUILT_IN, EffectiveValue
from confgen.report import paint
from confgen.report.json_form import FORMAT_VERSION
from confgen.report.json_text import json_text
from confgen.report.table import table
from confgen.report.visible import visible

_GROUPS = 2  # the third key of a path below `pbxs` may be `groups`, which is worked in
# What no YAML program takes for anything but text.
_PLAIN = re.compile(r"(?!(?i:true|false|yes|no|on|off|y|n|null)\Z)[A-Za-z][A-Za-z0-9_./-]*")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x85\u2028\u2029\ufeff]")


@dataclass(slots=True)
class _Branch:
    """A key of an inventory: what is said of it, and of the keys below it where it was written as empty."""

    said: EffectiveValue | None = None
    inner: dict[str, _Branch] = field(default_factory=dict)


def text(values: Iterable[EffectiveValue]) -> str:
    """A table for each PBX, trunk and provider: key, value, and where it was said."""
    parts = []
    for head, inside in groupby(values, key=lambda value: value.path[:2]):
        rows = [[visible(".".join(value.path[2:])), visible(_flow(value.value)), _said(value)] for value in inside]
        parts.append(f"{paint.strong('.'.join(head))}\n{table(['key', 'value', 'from'], rows)}")
    return "\n\n".join(parts)


def yaml(values: Iterable[EffectiveValue]) -> str:
    """An inventory of these values alone, without defaults and groups, with a comment for each that says its origin."""
    tree = _Branch()
    for value in values:
        is_worked_in = value.path[0] == "pbxs" and value.path[_GROUPS] == "groups"
        if is_worked_in or (value.origin == BUILT_IN and value.value == []):  # which says nothing
            continue
        branch = tree
        for key in value.path:
            branch = branch.inner.setdefault(key, _Branch())
        branch.said = value
    return "\n".join(["version: 1", *_lines(tree, "")])


def as_json(values: Iterable[EffectiveValue], inventory: str) -> str:
    """As described above."""
    told = {
        "format_version": FORMAT_VERSION,
        "command": "show",
        "inventory": inventory,
        "values": [
            {
                "path": list(value.path),
                "value": value.value,
                "origin": value.origin,
                "place": None if value.place is None else asdict(value.place),
            }
            for value in values
        ],
    }
    return json_text(told)


def _said(value: EffectiveValue) -> str:
    return visible(value.origin if value.place is None else f"{value.origin}, {value.place}")


def _lines(tree: _Branch, indent: str) -> Iterator[str]:
    for key, branch in tree.inner.items():
        said = branch.said
        value = "" if branch.inner or said is None else f" {_flow(said.value)}"
        yield f"{indent}{_scalar(key)}:{value}{'' if said is None else f'  # {_said(said)}'}"
        yield from _lines(branch, f"{indent}  ")


def _flow(value: object) -> str:
    """A value in the flow style of YAML, on one line."""
    match value:
        case dict():
            return f"{{{', '.join(f'{_scalar(key)}: {_flow(item)}' for key, item in value.items())}}}"
        case list():
            return f"[{', '.join(map(_flow, value))}]"
        case str():
            return _scalar(value)
        case _:
            return json.dumps(value)


def _scalar(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_UNPRINTABLE.sub(_spelt, escaped)}"'


def _spelt(sign: re.Match[str]) -> str:
    return f"\\U{ord(sign[0]):08x}"
