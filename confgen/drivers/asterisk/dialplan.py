"""The dialplan as a set of lines: as it was pushed, and as Asterisk has it loaded. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confgen.drivers.asterisk.configuration import Option, Section

Line = tuple[str, str, str]  # context; extension with its priority, or `include`; application with its arguments

_NOT_CONTEXTS = frozenset({"general", "globals"})
_STEP = re.compile(r"(?P<priority>n|\d+)(?:\([^)]*\))?,(?P<application>.*)", re.DOTALL)
_CONTEXT = re.compile(r"\[ Context '(?P<name>[^']+)' created by ")
_INCLUDE = re.compile(r"  Include => +'(?P<name>[^']+)'")
_EXTENSION = re.compile(r"  '(?P<extension>[^']+)' => +(?P<priority>\d+)\. (?P<application>.*?) +\[[^\]]*\]")
_NEXT = re.compile(r" +(?:\[[^\]]+\] +)?(?P<priority>\d+)\. (?P<application>.*?) +\[[^\]]*\]")


def pushed(text: str) -> frozenset[Line]:
    """The lines of an extensions.conf."""
    return written(parse(text))


def written(sections: Iterable[Section]) -> frozenset[Line]:
    """The lines of the sections of an extensions.conf."""
    return frozenset(line for section in sections for line in _written(section.name, section.options))


def contexts(text: str) -> frozenset[str]:
    """The contexts of an extensions.conf, those without a line too."""
    return frozenset(section.name for section in parse(text)) - _NOT_CONTEXTS


def loaded(answer: str) -> frozenset[Line]:
    """The lines of `dialplan show`."""
    found: set[Line] = set()
    context = extension = ""
    for row in answer.splitlines():
        if (match := _CONTEXT.match(row)) is not None:
            context = match["name"]
        elif (match := _INCLUDE.match(row)) is not None:
            found.add((context, "include", match["name"]))
        elif (match := _EXTENSION.fullmatch(row)) is not None:
            extension = match["extension"]
            found.add((context, f"{extension} {match['priority']}", match["application"]))
        elif (match := _NEXT.fullmatch(row)) is not None:
            found.add((context, f"{extension} {match['priority']}", match["application"]))
        elif row.strip() and not row.startswith(
            "-="
        ):  # what was never pushed: a match on the caller's number, a switch
            found.add((context, "other", row.strip()))
    return frozenset(found)


def _written(context: str, options: tuple[Option, ...]) -> Iterator[Line]:
    if context in _NOT_CONTEXTS:
        return
    extension, priority = "", 0
    for option in options:
        step = option.value
        if option.name == "include":
            yield (context, "include", option.value)
            continue
        if option.name == "exten":
            extension, _, step = option.value.partition(",")
        if (match := _STEP.fullmatch(step)) is not None:
            priority = priority + 1 if match["priority"] == "n" else int(match["priority"])
            yield (context, f"{extension} {priority}", match["application"])
