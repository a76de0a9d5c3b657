"""Answers as commands of a GitHub workflow, which shows them beside the lines of a pull request.

A line for each finding, and for each check that did not pass: an `error`, a `warning` or a `notice` with file, line,
column and the code as its title. What is waived is a notice, and says until when. GitHub shows the first ten of each
kind per step, and the rest in the log; code scanning (`sarif`) shows them all.
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from confgen.model.finding import Severity
from confgen.model.inventory import Pbx
from confgen.report.answer import Answer
from confgen.report.checkout import Checkout
from confgen.report.outcomes import unsaid
from confgen.report.remarks import Remark, remarks
from confgen.report.visible import visible

_COMMANDS: Mapping[Severity, str] = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def answer(told: Answer, pbxs: Iterable[Pbx], checkout: Checkout) -> str:
    """The answer as described above; nothing where nothing is wrong."""
    lines = [_line(remark, checkout) for remark in remarks(told, pbxs)]
    lines += [f"::error title=confgen::{_data(text)}" for text in unsaid(told)]
    return "\n".join(lines)


def _line(remark: Remark, checkout: Checkout) -> str:
    command = "notice" if remark.waiver else _COMMANDS[remark.weight]
    place = remark.place
    at = (
        []
        if place is None
        else [("file", visible(checkout.path(place.file))), ("line", place.line), ("col", place.column)]
    )
    text = "\n".join(filter(None, (remark.text, remark.waiver if remark.check is None else "", remark.mend)))
    written = ",".join(f"{name}={_property(str(value))}" for name, value in (*at, ("title", remark.code)))
    return f"::{command} {written}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
