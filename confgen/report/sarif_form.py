"""Answers as SARIF 2.1.0, as code scanning reads it.

One run of the tool confgen. A rule for each code that is told; a result for each finding, and for each check that
failed (level error), is unknown (level warning) or is not enforceable (level note: no push mends it). What is waived is
suppressed, with who answers for it. A result has its place in the inventory: that of the finding, or where the PBX or
the trunk of the check is described, relative to the repository (`%SRCROOT%`). Without an inventory a file that is named
after the PBX stands for it (`outside/sip.example.net%3A5061`), since code scanning takes no result without one. What
was not proven without a check that says so is a notification, and the invocation did not succeed. Codes and names, and
not messages of checks, make a result the same from run to run (`partialFingerprints`).
https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from confgen import __version__
from confgen.model.check import Check
from confgen.model.finding import Place, Severity
from confgen.model.inventory import Pbx
from confgen.report.answer import Answer
from confgen.report.checkout import Checkout
from confgen.report.json_text import json_text
from confgen.report.outcomes import unsaid
from confgen.report.remarks import Remark, fingerprints, remarks
from confgen.report.sarif_rules import rule
from confgen.report.visible import excerpt

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_MOST_OF_EVIDENCE = 8000  # characters
_LEVELS: Mapping[Severity, str] = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_GRAVEST_FIRST = tuple(_LEVELS)


def answer(told: Answer, pbxs: Iterable[Pbx], made_at: datetime, checkout: Checkout) -> str:
    """The answer as described above; `pbxs` are those of the inventory."""
    every = remarks(told, pbxs)
    weights = _weights(every)
    codes = sorted(weights)
    at = {code: index for index, code in enumerate(codes)}
    notifications = [{"level": "error", "message": {"text": text}} for text in unsaid(told)]
    run = {
        "tool": {
            "driver": {
                "name": "confgen",
                "version": __version__,
                "rules": [rule(code, _LEVELS[weights[code]]) for code in codes],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not notifications,
                "exitCode": told.exit_code,
                "endTimeUtc": f"{made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "toolExecutionNotifications": notifications,
            }
        ],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "the repository that the inventory lies in"}}},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(remark, at[remark.code], fingerprint, checkout)
            for remark, fingerprint in zip(every, fingerprints(every), strict=True)
        ],
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _weights(every: Sequence[Remark]) -> Mapping[str, Severity]:
    """The gravest of each code."""
    found: dict[str, Severity] = {}
    for remark in every:
        found[remark.code] = min(found.get(remark.code, remark.weight), remark.weight, key=_GRAVEST_FIRST.index)
    return found


def _result(remark: Remark, rule_index: int, fingerprint: str, checkout: Checkout) -> Mapping[str, Any]:
    location = _location(remark, checkout)
    told: dict[str, Any] = {
        "ruleId": remark.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[remark.weight],
        "message": {"text": f"{remark.text}\n{remark.mend}" if remark.mend else remark.text},
        "locations": [location] if location else [],
        "partialFingerprints": {"confgen/v1": fingerprint},
        # SARIF 2.1.0 §3.27.23: all results of a run have it, or none.
        "suppressions": [{"kind": "external", "status": "accepted", "justification": remark.waiver}]
        if remark.waiver
        else [],
    }
    if remark.check is not None:
        told["properties"] = _properties(remark.check)
    return told


def _location(remark: Remark, checkout: Checkout) -> Mapping[str, Any]:
    location: dict[str, Any] = {}
    if remark.place is not None:
        location["physicalLocation"] = {
            "artifactLocation": _artifact(remark.place, checkout),
            "region": {"startLine": remark.place.line, "startColumn": remark.place.column},
        }
    if remark.pbx:
        location["logicalLocations"] = [{"name": remark.pbx, "kind": "resource"}]
    return location


def _artifact(place: Place, checkout: Checkout) -> Mapping[str, str]:
    """RFC 3986: a path in the repository stays relative, as code scanning wants it."""
    path = checkout.path(place.file)
    quoted = quote(path, errors="surrogatepass")
    return {"uri": f"file://{quoted}"} if PurePath(path).is_absolute() else {"uri": quoted, "uriBaseId": _ROOT}


def _properties(check: Check) -> Mapping[str, Any]:
    return {
        "verdict": check.verdict.value,
        "level": check.level.value,
        "vantage": check.vantage.value,
        "evidence": [
            {"title": evidence.title, "text": "\n".join(excerpt(evidence.text, _MOST_OF_EVIDENCE))}
            for evidence in check.evidence
        ],
    }
