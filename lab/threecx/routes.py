"""Which operation a path asks for, and with which keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import unquote

from confgen.drivers.threecx.contract import BASE_PATH, Operation, operations
from confgen.model.api import ApiAnswer
from lab.threecx.answers import Refused, say_nothing

_NUMBERS = {"Id"}
_PLACE = re.compile(r"\{(\w+)\}")
_VALUE = r"('(?:[^']|'')*'|[^()'=]*)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An operation with the keys in its path."""

    operation: Operation
    path: str  # below BASE_PATH, decoded
    keys: Mapping[str, int | str]

    @property
    def collection(self) -> str:
        """The first name of the path."""
        return re.split(r"[/(]", self.path[1:], maxsplit=1)[0]


@lru_cache(maxsize=1024)
def route(method: str, encoded: str) -> Route:
    """Refused where nothing is known there; by the method, where the path is."""
    path = unquote(encoded).removeprefix(BASE_PATH)
    is_known = False
    for operation in operations():
        match = _pattern(operation.path).fullmatch(path)
        if match is None:
            continue
        is_known = True
        if operation.method == method:
            names = _PLACE.findall(operation.path)
            keys = {name: _key(name, text) for name, text in zip(names, match.groups(), strict=True)}
            return Route(operation=operation, path=path, keys=keys)
    raise Refused(ApiAnswer(status=405 if is_known else 404))


def _key(name: str, text: str) -> int | str:
    """As live PBXs were seen to answer: 404 for what is no value, 500 without a word for one of the wrong type."""
    is_text = text.startswith("'")
    is_number = re.fullmatch(r"-?\d+", text) is not None
    if not is_text and not is_number:
        say_nothing(404)
    if is_number is not (name in _NUMBERS):
        say_nothing(500)
    return int(text) if is_number else text[1:-1].replace("''", "'")


@cache
def _pattern(path: str) -> re.Pattern[str]:
    plain = [re.escape(part) for part in _PLACE.split(path)[::2]]
    return re.compile(_VALUE.join(plain))
