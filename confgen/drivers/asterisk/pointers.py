"""Names that lead nowhere, which Asterisk finds out when a call comes. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import dialplan
from confgen.drivers.asterisk.configuration import objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from confgen.drivers.asterisk.configuration import Section
    from confgen.drivers.asterisk.dialplan import Line

# By the type of an object: its options, and the type of what they name.
_NAMED: Mapping[str, Mapping[str, str]] = {
    "endpoint": {"auth": "auth", "outbound_auth": "auth", "aors": "aor", "transport": "transport"},
    "identify": {"endpoint": "endpoint"},
    "registration": {"outbound_auth": "auth", "transport": "transport", "endpoint": "endpoint"},
}
_APPLICATION = re.compile(r"(?P<name>\w+)\((?P<arguments>.*?)\)?", re.DOTALL)
_SUBROUTINE = re.compile(r"(?<![\w({])[A-Za-z]*U\((?P<context>[^()^$,]+)[)^]")  # of Dial() and its kin
_TARGET_PARTS = 3  # context, extension, priority
_JUMPS = frozenset({"goto", "gosub"})
_BRANCHES = frozenset({"gotoif", "gosubif", "gotoiftime"})


def of_objects(sections: Iterable[Section], answer: str) -> Iterator[str]:
    """Objects of pjsip.conf that name what is not there; `answer` is that of `dialplan show`."""
    found = objects(sections)
    contexts = dialplan.contexts(answer)
    for (kind, name), section in found.items():
        for option, wanted in _NAMED.get(kind, {}).items():
            for named in _list(section.value(option)):
                if (wanted, named) not in found:
                    yield f"the {kind} {name} of pjsip.conf names the {wanted} {named}, which is not there"
        context = section.value("context") or "default"
        if kind == "endpoint" and contexts and context not in contexts:
            yield f"the endpoint {name} is in the context {context}, which the dialplan does not have"


def of_dialplan(answer: str) -> Iterator[str]:
    """Lines of `dialplan show` that lead to what is not there; what is computed when a call comes is not judged."""
    lines = sorted(dialplan.loaded(answer))
    contexts = dialplan.contexts(answer)
    reached: dict[str, Sequence[Line]] = {}
    for line in lines:
        context, step, _ = line
        if step == "include" and (name := line[2].partition(",")[0]) not in contexts:
            yield f"the context {context} includes {name}, which is not there"
        for target, extension in _targets(line):
            if target not in contexts:
                yield f"{context}, {step}: leads to the context {target}, which is not there"
            elif extension is not None:
                if target not in reached:
                    reached[target] = dialplan.reached(lines, target)
                if not _is_there(reached[target], extension):
                    yield f"{context}, {step}: leads to {extension} in {target}, which is not there"


def applications(answer: str) -> Mapping[str, str]:
    """Every application of `dialplan show`, and where it is first run."""
    found: dict[str, str] = {}
    for context, step, application in sorted(dialplan.loaded(answer)):
        if step not in {"include", "other"}:
            found.setdefault(application.partition("(")[0], f"{context}, {step}:")
    return found


def _list(value: str | None) -> Iterator[str]:
    return (name for part in (value or "").split(",") if (name := part.strip()))


def _targets(line: Line) -> Iterator[tuple[str, str | None]]:
    """Contexts, with the extension in it if one is told, where a line leads."""
    context, step, application = line
    match = None if step in {"include", "other"} else _APPLICATION.fullmatch(application)
    if match is None:
        return
    name, arguments = match["name"].lower(), match["arguments"]
    if name in _JUMPS:
        yield from _target(context, arguments)
    elif name in _BRANCHES:
        for branch in arguments.rpartition("?")[2].split(":"):
            yield from _target(context, branch)
    elif name == "dial":
        for subroutine in _SUBROUTINE.finditer(arguments):
            yield subroutine["context"], "s"


def _target(context: str, text: str) -> Iterator[tuple[str, str | None]]:
    parts = [part.strip() for part in text.partition("(")[0].split(",")]
    if len(parts) == 1 or len(parts) > _TARGET_PARTS:  # a label of the same extension
        return
    named, extension = (parts[0], parts[1]) if len(parts) == _TARGET_PARTS else (context, parts[0])
    if "$" not in named and named:
        yield named, None if "$" in extension or not extension else extension


def _is_there(lines: Sequence[Line], extension: str) -> bool:
    """A switch among the lines may have any extension."""
    is_open = any(step == "other" and "Switch" in told for _, step, told in lines)
    return is_open or dialplan.has_extension(lines, extension)
