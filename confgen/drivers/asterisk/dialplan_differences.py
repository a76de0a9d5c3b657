"""What differs between two dialplans: contexts, extensions, and the steps of those that both have. Pure."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.option_differences import merged, option_differences
from confgen.model.plan import Difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from confgen.drivers.asterisk.configuration import Option, Section

    Step = tuple[str, str]  # priority, application with its arguments
    Extensions = Mapping[str, Sequence[Step]]

_NOT_CONTEXTS = frozenset({"general", "globals"})
_STEP = re.compile(r"(?P<priority>[a-z]+|\d+)?(?:\+(?P<more>\d+))?(?:\((?P<label>[^)]*)\))?")
_MOST_STEPS = 300  # of one extension that are compared one by one


def dialplan_differences(key: str, before: Iterable[Section], after: Iterable[Section]) -> Iterator[Difference]:
    """Between the sections of two extensions.conf; the order of contexts and extensions does not count."""
    old, new = merged(before), merged(after)
    for name in dict.fromkeys((*old, *new)):
        was, becomes = old.get(name), new.get(name)
        if name in _NOT_CONTEXTS:
            for option, one, other in option_differences(was or (), becomes or (), lists=()):
                yield Difference(subject=f"{key} [{name}]", option=option, before=one, after=other)
        elif was is None or becomes is None:
            yield Difference(
                subject=f"dialplan context {name}",
                before=None if was is None else "",
                after=None if becomes is None else "",
            )
        elif was != becomes:
            yield from _of_context(f"dialplan context {name}", was, becomes)


def _of_context(subject: str, before: Sequence[Option], after: Sequence[Option]) -> Iterator[Difference]:
    (old, others), (new, other) = _extensions(before), _extensions(after)
    for option, was, becomes in _of_others(others, other):
        yield Difference(subject=subject, option=option, before=was, after=becomes)
    for name in dict.fromkeys((*old, *new)):
        its = f"{subject}, {name}"
        if name not in old or name not in new:
            yield Difference(subject=its, before="" if name in old else None, after="" if name in new else None)
        elif old[name] != new[name]:
            yield from (
                Difference(subject=its, option=option, before=was, after=becomes)
                for option, was, becomes in _of_steps(old[name], new[name])
            )


def _of_others(before: Sequence[Step], after: Sequence[Step]) -> Iterator[tuple[str, str | None, str | None]]:
    """Includes, switches and the like; their order is that in which they are asked."""
    gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
    yield from ((word, value, None) for word, value in gone.elements())
    yield from ((word, None, value) for word, value in come.elements())
    was, becomes = ([step for step in steps if step in other] for steps, other in ((before, after), (after, before)))
    if was != becomes and Counter(was) == Counter(becomes):
        yield "order of includes", ", ".join(value for _, value in was), ", ".join(value for _, value in becomes)


def _of_steps(before: Sequence[Step], after: Sequence[Step]) -> Iterator[tuple[str, str | None, str | None]]:
    if max(len(before), len(after)) > _MOST_STEPS:
        yield "its steps", f"{len(before)} of them", f"{len(after)} others"
        return
    was, becomes = ([words for _, words in steps] for steps in (before, after))
    matcher = SequenceMatcher(None, was, becomes, autojunk=False)
    told = False
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        for one, other in zip_longest(before[first:last], after[start:end]):
            told = True
            priority, _ = other or one or ("", "")
            yield f"priority {priority}", None if one is None else one[1], None if other is None else other[1]
    if not told:
        was, becomes = ([priority for priority, _ in steps] for steps in (before, after))
        yield "priorities", ", ".join(was), ", ".join(becomes)


def _extensions(options: Iterable[Option]) -> tuple[Extensions, Sequence[Step]]:
    """The steps of each extension by priority, and what else a context has."""
    found: dict[str, list[Step]] = {}
    others: list[Step] = []
    extension, priority = "", 0
    for option in options:
        step = option.value
        if option.name.lower() == "exten":
            extension, _, step = step.partition(",")
            extension = extension.strip()
        elif option.name.lower() != "same":
            others.append((option.name.lower(), option.value))
            continue
        written, _, application = step.partition(",")
        match = _STEP.fullmatch(written.strip())
        told, label = written.strip(), None
        if match is not None:
            priority, told = _counted(match, priority)
            label = match["label"]
        words = application.strip()
        found.setdefault(extension, []).append((told, f"({label}) {words}" if label else words))
    return {name: sorted(steps, key=_priority) for name, steps in found.items()}, others


def _counted(match: re.Match[str], last: int) -> tuple[int, str]:
    """The priority as a number, and how it is told; a hint has none."""
    word, more = match["priority"] or "", int(match["more"] or 0)
    if word.isdecimal():
        return int(word) + more, str(int(word) + more)
    if word in {"n", "s"}:
        number = last + (word == "n") + more
        return number, str(number)
    return last, word


def _priority(step: Step) -> tuple[int, str]:
    return (int(step[0]), "") if step[0].isdecimal() else (0, step[0])
