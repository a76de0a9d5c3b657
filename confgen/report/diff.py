"""The text diff of one change; both of its texts are masked already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from confgen.model.document import Change
from confgen.report import paint
from confgen.report.line_matcher import LineMatcher
from confgen.report.visible import visible

_HEADERS = 2
_UNENDED = "\\ no line end at the end"


def unified(change: Change) -> tuple[str, ...]:
    """The lines of a unified diff; none for what is foreign or where neither text is known."""
    if change.is_foreign or (change.before is None and change.after is None):
        return ()
    key = visible(change.key)
    before = "nothing" if change.before is None else f"{key} (as it is)"
    after = "nothing" if change.after is None else f"{key} (as planned)"
    hunks = [visible(line) for line in _hunks(_lines(change.before), _lines(change.after))]
    return (f"--- {before}", f"+++ {after}", *hunks) if hunks else ()


def painted(lines: Iterable[str]) -> Iterable[str]:
    """What goes in red, what comes in green, where in bold."""
    for number, line in enumerate(lines):
        if number < _HEADERS or line.startswith("@@"):
            yield paint.strong(line)
        elif line.startswith("-"):
            yield paint.bad(line)
        elif line.startswith("+"):
            yield paint.good(line)
        else:
            yield line


def _hunks(before: Sequence[str], after: Sequence[str]) -> Iterable[str]:
    for group in LineMatcher(before, after).get_grouped_opcodes():
        (_, first, _, start, _), (_, _, last, _, end) = group[0], group[-1]
        yield f"@@ -{_range(first, last)} +{_range(start, end)} @@"
        for tag, from_before, to_before, from_after, to_after in group:
            if tag == "equal":
                yield from (f" {line}" for line in before[from_before:to_before])
            else:
                yield from (f"-{line}" for line in before[from_before:to_before])
                yield from (f"+{line}" for line in after[from_after:to_after])


def _range(start: int, end: int) -> str:
    """Lines as a unified diff counts them: from 1, and from the line before where there are none."""
    length = end - start
    first = start + 1 if length else start
    return str(first) if length == 1 else f"{first},{length}"


def _lines(text: str | None) -> Sequence[str]:
    """Every line by line feeds alone, so that two texts that differ never look the same."""
    if not text:
        return ()
    *lines, last = text.split("\n")
    return lines if last == "" else (*lines, last, _UNENDED)
