"""The dialplan as a set of lines: as it was pushed, and as Asterisk has it loaded. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confgen.drivers.asterisk.configuration import Option, Section

Line = tuple[str, str, str]  # context; extension with its priority, or `include`; application with its arguments

# Applications that neither dial, nor go to another extension, nor run a program.
_LEADS_NOWHERE = frozenset(
    {
        "Answer",
        "Busy",
        "Congestion",
        "Echo",
        "Hangup",
        "Log",
        "NoOp",
        "Playback",
        "Playtones",
        "Progress",
        "Ringing",
        "Set",
        "StopPlaytones",
        "Verbose",
        "Wait",
    }
)
_PATTERN_PART = re.compile(r"\[[^\]]*\]|.")
_CLASSES = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]"}
_IN_PATTERNS = {
    **_CLASSES,
    **{name.lower(): members for name, members in _CLASSES.items()},
    ".": ".+",
    "!": ".*",
    "-": "",
    "+": r"\+",
    "*": r"\*",
}
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


def written_contexts(text: str) -> frozenset[str]:
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


def contexts(answer: str) -> frozenset[str]:
    """The contexts of `dialplan show`, those without a line included."""
    return frozenset(match["name"] for row in answer.splitlines() if (match := _CONTEXT.match(row)) is not None)


def reached(lines: Iterable[Line], context: str) -> tuple[Line, ...]:
    """The lines of a context and of all that it includes."""
    of: dict[str, list[Line]] = {}
    for line in lines:
        of.setdefault(line[0], []).append(line)
    names = [context]
    for name in names:  # grows as it goes
        included = [
            line[2].partition(",")[0] for line in of.get(name, ()) if line[1] == "include"
        ]  # at some times only
        names += [found for found in dict.fromkeys(included) if found not in names]
    return tuple(line for name in names for line in sorted(of.get(name, ())))


def leading_further(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Those that may lead out of the lines themselves: all but what is known to lead nowhere."""
    return tuple(line for line in lines if line[1] != "include" and not _leads_nowhere(line))


def outline(line: Line) -> str:
    """A line of the user's own without its arguments, which may hold a secret."""
    _, step, application = line
    return application.partition("=>")[0].strip() if step == "other" else f"{step}: {application.partition('(')[0]}"


def echoes(lines: Iterable[Line], number: str) -> bool:
    """Whether a number is among the lines' extensions and is answered by Echo()."""
    return any(
        line[2].startswith("Echo(") and _is_matched(number, line[1].rpartition(" ")[0])
        for line in lines
        if line[1] not in {"include", "other"}
    )


def has_extension(lines: Iterable[Line], name: str) -> bool:
    """Whether an extension, by its name or by a pattern, is among the lines."""
    return any(_is_matched(name, line[1].rpartition(" ")[0]) for line in lines if line[1] not in {"include", "other"})


def _leads_nowhere(line: Line) -> bool:
    _, step, application = line
    if step == "other":
        return application.startswith("Ignore pattern ")
    name, _, arguments = application.partition("(")
    if "SHELL(" in arguments:
        return False
    if name in {"Goto", "GotoIf"}:  # a label or a priority of the same extension has no comma before it
        return "," not in arguments.rpartition("?")[2]
    return name in _LEADS_NOWHERE


def _is_matched(number: str, extension: str) -> bool:
    if not extension.startswith("_"):
        return number == extension
    form = "".join(_IN_PATTERNS.get(part, part) for part in _PATTERN_PART.findall(extension[1:]))
    return re.fullmatch(form, number) is not None


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
