"""What a doctor found, as text for people and for reports of faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.report import findings, outcomes, paint
from confgen.report.table import table
from confgen.report.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.found import Found
    from confgen.model.result import Result
    from confgen.report.answer import Answer

_WITH_NAMES = (
    "No password, key or token is in this. Names, addresses, numbers and paths are: --anonymous puts others in their "
    "place."
)
_ANONYMOUS = (
    "No password, key or token is in this, and made-up names stand for names and addresses: look it through all the "
    "same."
)


def text(answer: Answer, *, is_anonymous: bool = False) -> str:
    """What ran, a part for each PBX, a line for all, and what of it is whose business."""
    about = {} if answer.about is None else answer.about
    parts = (
        " · ".join(f"{name} {one_line(version)}" for name, version in about.items()),
        *("\n".join(_lines(result)) for result in answer.pbxs),
        outcomes.summary(answer),
        paint.faint(_ANONYMOUS if is_anonymous else _WITH_NAMES),
    )
    return "\n\n".join(part for part in parts if part)


def _lines(result: Result) -> Iterator[str]:
    yield outcomes.headline(result)
    if result.findings:
        yield findings.text(result.findings)
    if result.found:
        rows = [row for found in result.found for row in _rows(found)]
        yield table(["", "what", "found"], rows)


def _rows(found: Found) -> Iterator[list[str]]:
    code = f" {paint.faint(found.code)}" if found.code else ""
    yield [_sign(found), one_line(found.subject), f"{one_line(found.found)}{code}"]
    if found.advice:
        yield ["", "", f"  -> {one_line(found.advice)}"]


def _sign(found: Found) -> str:
    match found.is_ok:
        case True:
            return paint.good("ok")
        case False:
            return paint.bad("WRONG")
        case None:
            return paint.doubtful("not told")
