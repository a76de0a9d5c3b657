"""Answers as SARIF 2.1.0, as code scanning reads it.

One run of the tool confgen. A rule for each code that is told; a result for each finding, and for each check that
failed (level error), is unknown (level warning), is not enforceable (level note: no push mends it) or is waived
(suppressed, with who answers for it). A result has its place in the inventory: that of the finding, or where the PBX or
the trunk of the check is described. Without an inventory a file that is named after the PBX stands for it
(`outside/sip.example.net%3A5061`), since code scanning takes no result without one. What was not proven without a check
that says so is a notification, and the invocation did not succeed. Codes and names, and not messages, make a result the
same from run to run (`partialFingerprints`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from confgen import __version__
from confgen.model.check import Check, Verdict
from confgen.model.codes import EXPLANATIONS
from confgen.model.finding import Finding, Place, Severity
from confgen.model.inventory import Pbx
from confgen.model.result import Result
from confgen.report.answer import Answer
from confgen.report.outcomes import is_unsaid
from confgen.report.visible import excerpt, one_line

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_MOST_OF_EVIDENCE = 8000  # characters
_COMMAND_LINE = Place("outside/command-line", 1, 1)
_LEVELS: Mapping[Severity, str] = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_CHECK_LEVELS: Mapping[Verdict, str] = {
    Verdict.FAILED: "error",
    Verdict.UNKNOWN: "warning",
    Verdict.WAIVED: "error",
    Verdict.NOT_ENFORCEABLE: "note",
}


def answer(told: Answer, pbxs: Iterable[Pbx], made_at: datetime) -> str:
    """The answer as described above; `pbxs` are those of the inventory."""
    every = (*told.pbxs, *told.put_back, *told.legs)
    places = _places(pbxs) if told.inventory else _stand_ins(every)
    results = [
        *(_finding_result(finding, None if told.inventory else _COMMAND_LINE) for finding in told.findings),
        *(_finding_result(finding) for result in every for finding in result.findings),
        *(
            _check_result(result, check, places.get(result.pbx))
            for result in every
            for check in result.checks
            if check.verdict in _CHECK_LEVELS
        ),
    ]
    codes = sorted({result["ruleId"] for result in results})
    for result in results:
        result["ruleIndex"] = codes.index(result["ruleId"])
    notifications = _notifications(told, every)
    run = {
        "tool": {"driver": {"name": "confgen", "version": __version__, "rules": [_rule(code) for code in codes]}},
        "invocations": [
            {
                "executionSuccessful": not notifications,
                "exitCode": told.exit_code,
                "endTimeUtc": f"{made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "toolExecutionNotifications": notifications,
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _places(pbxs: Iterable[Pbx]) -> Mapping[str, Place]:
    """Of legs and PBXs by their names; a PBX's own comes first, as it does in an answer."""
    pbxs = tuple(pbxs)
    trunks = {trunk.name: trunk.place for pbx in pbxs for trunk in pbx.trunks}
    providers = {trunk.name: trunk.place for pbx in pbxs for trunk in pbx.provider_trunks}
    return trunks | providers | {pbx.name: pbx.place for pbx in pbxs}


def _stand_ins(results: Iterable[Result]) -> Mapping[str, Place]:
    return {result.pbx: Place(f"outside/{result.pbx}", 1, 1) for result in results}


def _rule(code: str) -> Mapping[str, Any]:
    explanation = EXPLANATIONS.get(code)
    if explanation is None:
        return {"id": code}
    source = f" ({explanation.source})" if explanation.source else ""
    return {
        "id": code,
        "shortDescription": {"text": explanation.title},
        "fullDescription": {"text": explanation.meaning},
        "help": {"text": f"How to mend it: {explanation.mend}{source}"},
    }


def _check_result(result: Result, check: Check, place: Place | None) -> dict[str, Any]:
    level = _CHECK_LEVELS[check.verdict]
    text = f"{result.pbx}: {one_line(check.subject)}: {one_line(check.message)}"
    told = _result(check.code, level, text, check.mend, place, result.pbx, check.subject)
    told["properties"] = {
        "verdict": check.verdict.value,
        "level": check.level.value,
        "vantage": check.vantage.value,
        "evidence": [
            {"title": evidence.title, "text": "\n".join(excerpt(evidence.text, _MOST_OF_EVIDENCE))}
            for evidence in check.evidence
        ],
    }
    if check.verdict is Verdict.WAIVED:
        told["suppressions"] = [{"kind": "external", "justification": one_line(check.message)}]
    return told


def _finding_result(finding: Finding, otherwise: Place | None = None) -> dict[str, Any]:
    about = f"{finding.pbx}: " if finding.pbx is not None and finding.place is None else ""
    text = f"{about}{one_line(finding.message)}"
    level = _LEVELS[finding.severity]
    return _result(
        finding.code, level, text, finding.mend, finding.place or otherwise, finding.pbx or "", finding.message
    )


def _result(
    code: str, level: str, text: str, mend: str, place: Place | None, name: str, subject: str
) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if place is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": _uri(place.file)},
            "region": {"startLine": place.line, "startColumn": place.column},
        }
    if name:
        location["logicalLocations"] = [{"name": name, "kind": "resource"}]
    fingerprint = hashlib.sha256(f"{code}\n{name}\n{subject}".encode(errors="backslashreplace")).hexdigest()
    return {
        "ruleId": code,
        "level": level,
        "message": {"text": f"{text}\n{one_line(mend)}" if mend else text},
        "locations": [location] if location else [],
        "partialFingerprints": {"confgen/v1": fingerprint},
    }


def _notifications(told: Answer, results: Sequence[Result]) -> list[Mapping[str, Any]]:
    texts = [
        *(
            f"{result.pbx}: {result.outcome.value}: {one_line(result.message)}"
            for result in results
            if is_unsaid(result)
        ),
        *(f"{name}: not begun: the run did not come to it" for name in told.not_begun),
    ]
    return [{"level": "error", "message": {"text": text}} for text in texts]


def _uri(file: str) -> str:
    """RFC 3986: a relative path stays relative, as code scanning wants it."""
    path = PurePath(file)
    quoted = quote(path.as_posix(), errors="surrogatepass")
    return f"file://{quoted}" if path.is_absolute() else quoted
