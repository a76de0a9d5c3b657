"""Answers as a Code Quality report of GitLab, which shows them beside the lines of a merge request.

A list with an issue for each finding, and for each check that did not pass. GitLab's severities are not confgen's: an
error is critical, a warning is minor, a note, and what is waived, is info. GitLab takes no issue without a path and a
line: those of the inventory, line 1, where there is none.
https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from confgen.model.finding import Place, Severity
from confgen.model.inventory import Pbx
from confgen.report.answer import Answer
from confgen.report.checkout import Checkout
from confgen.report.json_text import json_text
from confgen.report.outcomes import unsaid
from confgen.report.remarks import Remark, fingerprints, remarks
from confgen.report.visible import visible

_SEVERITIES: Mapping[Severity, str] = {
    Severity.ERROR: "critical",
    Severity.WARNING: "minor",
    Severity.NOTE: "info",
}


def answer(told: Answer, pbxs: Iterable[Pbx], checkout: Checkout) -> str:
    """The answer as described above."""
    every = remarks(told, pbxs)
    otherwise = Place(told.inventory or "outside/command-line", 1, 1)
    issues = [
        _issue(remark, name, remark.place or otherwise, checkout)
        for remark, name in zip(every, fingerprints(every), strict=True)
    ]
    issues += [_unsaid(text, otherwise, checkout) for text in unsaid(told)]
    return json_text(issues)


def _issue(remark: Remark, fingerprint: str, place: Place, checkout: Checkout) -> Mapping[str, Any]:
    waiver = remark.waiver if remark.check is None else ""
    return {
        "check_name": remark.code,
        "description": "; ".join(filter(None, (remark.text, waiver, remark.mend))),
        "fingerprint": fingerprint,
        "severity": "info" if remark.waiver else _SEVERITIES[remark.weight],
        "location": _location(place, checkout),
    }


def _unsaid(text: str, place: Place, checkout: Checkout) -> Mapping[str, Any]:
    return {
        "check_name": "confgen",
        "description": text,
        "fingerprint": sha256(text.encode(errors="backslashreplace")).hexdigest(),
        "severity": "critical",
        "location": _location(place, checkout),
    }


def _location(place: Place, checkout: Checkout) -> Mapping[str, Any]:
    return {"path": visible(checkout.path(place.file)), "lines": {"begin": place.line}}
