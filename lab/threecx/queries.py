"""The query options of OData 4 that XAPI is asked with; every other one is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from confgen.drivers.threecx.contract import FieldType, fields
from confgen.model.version import ProductVersion
from lab.threecx.answers import INVALID, NOT_FOUND, OUT_OF_RANGE, refuse_one

_OF_ONE = {"$select", "$expand"}
_OF_MANY = {*_OF_ONE, "$top", "$skip", "$count", "$filter", "$orderby"}
_EQUALS = re.compile(r"(\w+) eq (?:'((?:[^']|'')*)'|(-?\d+)|(true|false))")
_EXPANSION = re.compile(r"(\w+)(?:\((.*)\))?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Which fields of an object are answered."""

    selected: frozenset[str]
    expanded: Mapping[str, Projection] = field(default_factory=dict)

    def of(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """What is answered of an object."""
        shown = {name: held for name, held in value.items() if name in self.selected}
        for name, inner in self.expanded.items():
            held = value[name]
            if isinstance(held, list):
                shown[name] = [inner.of(one) for one in held]
            else:
                shown[name] = None if held is None else inner.of(held)
        return shown


def projection(name: str, options: Mapping[str, str], version: ProductVersion) -> Projection:
    """Without `$select` it is everything but what must be expanded: secrets too, as a live PBX answers."""
    known = fields(name, version)
    plain = [one.name for one in known.values() if not one.is_expanded]
    selected = [word.strip() for word in options["$select"].split(",")] if "$select" in options else plain
    for word in selected:
        if word not in known:
            refuse_one(400, word, NOT_FOUND)
    expanded = {}
    for word in _split(options.get("$expand", ""), ","):
        match = _EXPANSION.fullmatch(word.strip())
        one = known.get(match[1]) if match else None
        if match is None or one is None or not one.is_expanded or one.refers_to is None:
            refuse_one(400, word, NOT_FOUND)
        inner = dict(part.strip().partition("=")[::2] for part in _split(match[2] or "", ";"))
        _only_known(inner, _OF_ONE)
        expanded[one.name] = projection(one.refers_to, inner, version)
    return Projection(selected=frozenset(selected) & frozenset(plain), expanded=expanded)


def options_of(query: str, *, of_many: bool) -> dict[str, str]:
    """The options by name."""
    options = dict(parse_qsl(query, keep_blank_values=True))
    _only_known(options, _OF_MANY if of_many else _OF_ONE)
    return options


def page(
    name: str, objects: Sequence[Mapping[str, Any]], options: Mapping[str, str], *, most: int
) -> tuple[int, Sequence[Mapping[str, Any]]]:
    """How many objects pass the filter, and those that one answer holds of them: never more than `most`."""
    top = _number("$top", options, most)
    if top > most:
        refuse_one(400, "$top", OUT_OF_RANGE)
    passing = list(filter(_condition(name, options.get("$filter")), objects))
    if "$orderby" in options:
        by, _, order = options["$orderby"].partition(" ")
        if by not in fields(name) or order not in {"", "asc", "desc"}:
            refuse_one(400, "$orderby", INVALID)
        passing.sort(key=lambda one: (one[by] is None, one[by]), reverse=order == "desc")
    skip = _number("$skip", options, 0)
    return len(passing), passing[skip : skip + top]


def _condition(name: str, text: str | None) -> Callable[[Mapping[str, Any]], bool]:
    if text is None:
        return lambda _: True
    match = _EQUALS.fullmatch(text.strip())
    if match is None or match[1] not in fields(name):
        refuse_one(400, "$filter", INVALID)
    one = fields(name)[match[1]]
    if match[2] is not None:
        wanted: object = match[2].replace("''", "'")
        fits = one.type in {FieldType.STRING, FieldType.MOMENT}
    elif match[3] is not None:
        wanted, fits = int(match[3]), one.type is FieldType.INTEGER
    else:
        wanted, fits = match[4] == "true", one.type is FieldType.BOOLEAN
    if not fits or one.is_list:
        refuse_one(400, "$filter", INVALID)
    return lambda value: bool(value[one.name] == wanted)


def _number(name: str, options: Mapping[str, str], default: int) -> int:
    text = options.get(name, str(default))
    if not text.isdecimal():
        refuse_one(400, name, INVALID)
    return int(text)


def _only_known(options: Mapping[str, str], known: set[str]) -> None:
    for option in options:
        if option not in known:
            refuse_one(400, option, INVALID)


def _split(text: str, separator: str) -> Iterator[str]:
    """At the separators that stand in no parentheses."""
    part, depth = "", 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == separator and depth == 0:
            yield part
            part = ""
        else:
            part += sign
    if part:
        yield part
