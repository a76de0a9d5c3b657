"""Answers as JSON.

Every command with `--format json` writes one object:

    format_version  1; it grows when something here changes its meaning or goes, not when something is added
    command         "validate", "plan", "push", "verify", "rollback", "bootstrap" or "doctor"
    inventory       the path as it was given
    findings        of the inventory and the run, each with code, severity, message, mend, pbx, subject (what it is
                    about on that PBX, or null), waiver (who answers for it until when, or empty) and place (file,
                    line, column)
    pbxs            one result for each PBX: name, outcome, message, exit_code, generation, seconds, findings, checks,
                    plan and found
    put_back        results of the same shape for PBXs that had succeeded and were taken back (--undo-succeeded)
    legs            results of the same shape for the legs between PBXs and to providers, named after their trunks
    not_begun       names of the PBXs that the run did not come to
    measured_against  what PBXs without an inventory were measured against: profile, authority, name, user and number,
                    as the command line says it; null with an inventory
    about           of `doctor`, what ran: confgen, python, system and libraries; null for any other command
    exit_code       what the command ends with

A check has code, level, subject, verdict, vantage, message, mend, evidence and ends_at, the time when a certificate
ends (null for anything else). A verdict is "passed", "failed", "unknown", "pending", "not checked", "waived" or "not
enforceable"; more may be added, and what is not "passed" proves nothing. A piece of evidence has title and text: what
was seen word for word, with every secret blanked.

What `doctor` found has subject, found, advice, is_ok (true, false, or null where it could not be told) and code, of
which advice and code may be empty.

A plan, null where none was made, has impact, security, generation, guarantees, facts and changes; a change has key,
action, is_foreign, is_drifted, before_fingerprint, after_fingerprint and diff, a unified diff with every secret masked
(null where there is none). A plan has besides

    differences     what the inventory changes, in the product's own words: subject, option, before and after, masked
                    where they are sensitive; null on the side where it is not there; a whole object has no option
    edits           the same for what was changed by hand since confgen wrote it
    weaker          what gets weaker, each in words
    running         checks of what the PBX runs otherwise than confgen wrote it; `plan` alone asks for them
    calls           in progress when looked, null where the PBX did not tell
    registered      how many contacts are registered
    cut_off         those of them that could not come back: extension, contact and reason
    irreversible    keys of what no undo brings back, and why

`confgen explain --format json` writes format_version and explanations, each with code, title, meaning, mend, example,
source, standards (that ask for it), severity (by profile: "error", "warning", "note" or "off"; null where it is no rule
and weighs the same in all) and is_waivable (whether `policy` can waive it, or make it weigh less). The JSON of
`confgen history` is told in `history`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from confgen.model.check import Check
from confgen.model.codes.explanation import Explanation
from confgen.model.document import Change
from confgen.model.finding import Finding
from confgen.model.plan import Plan
from confgen.model.policy import Profile
from confgen.model.result import Result
from confgen.policy.rule import Rule, weight_words
from confgen.report import diff
from confgen.report.answer import Answer
from confgen.report.json_text import json_text

FORMAT_VERSION = 1


def answer(told: Answer, *, with_diffs: bool = True) -> str:
    """The answer as described above."""
    return _written(
        {
            "format_version": FORMAT_VERSION,
            "command": told.command,
            "inventory": told.inventory,
            "findings": [_finding(finding) for finding in told.findings],
            "pbxs": [_result(result, with_diffs=with_diffs) for result in told.pbxs],
            "put_back": [_result(result, with_diffs=with_diffs) for result in told.put_back],
            "legs": [_result(result, with_diffs=with_diffs) for result in told.legs],
            "not_begun": list(told.not_begun),
            "measured_against": None if told.measured_against is None else asdict(told.measured_against),
            "about": None if told.about is None else dict(told.about),
            "exit_code": told.exit_code,
        }
    )


def explanations(told: Iterable[Explanation], rules: Mapping[str, Rule]) -> str:
    """Explanations as described above."""
    every = [{**asdict(explanation), **_as_rule(rules.get(explanation.code))} for explanation in told]
    return _written({"format_version": FORMAT_VERSION, "explanations": every})


def _as_rule(rule: Rule | None) -> Mapping[str, Any]:
    if rule is None:
        return {"severity": None, "is_waivable": False}
    weights = {profile.value: weight_words(rule.weight(profile)) for profile in Profile}
    return {"severity": weights, "is_waivable": rule.is_waivable}


def _written(values: Mapping[str, Any]) -> str:
    return json_text(values)


def _finding(finding: Finding) -> Mapping[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "mend": finding.mend,
        "pbx": finding.pbx,
        "subject": finding.subject,
        "waiver": finding.waiver,
        "place": None if finding.place is None else asdict(finding.place),
    }


def _result(result: Result, *, with_diffs: bool) -> Mapping[str, Any]:
    return {
        "name": result.pbx,
        "outcome": result.outcome.value,
        "message": result.message,
        "exit_code": result.exit_code,
        "generation": result.generation,
        "seconds": round(result.seconds, 3),
        "findings": [_finding(finding) for finding in result.findings],
        "checks": [_check(check) for check in result.checks],
        "plan": None if result.plan is None else _plan(result.plan, with_diffs=with_diffs),
        "found": [asdict(found) for found in result.found],
    }


def _check(check: Check) -> Mapping[str, Any]:
    return {
        "code": check.code,
        "level": check.level.value,
        "subject": check.subject,
        "verdict": check.verdict.value,
        "vantage": check.vantage.value,
        "message": check.message,
        "mend": check.mend,
        "evidence": [asdict(evidence) for evidence in check.evidence],
        "ends_at": None if check.ends_at is None else check.ends_at.isoformat(timespec="seconds"),
    }


def _plan(plan: Plan, *, with_diffs: bool) -> Mapping[str, Any]:
    return {
        "impact": plan.impact.words,
        "security": plan.delta.value,
        "generation": plan.generation,
        "guarantees": {
            "atomic": plan.guarantees.atomic,
            "undo_without_link": plan.guarantees.undo_without_link,
            "lock": plan.guarantees.lock.value,
        },
        "facts": dict(plan.facts),
        "changes": [
            _change(change, with_diffs=with_diffs) for change in sorted(plan.changes, key=lambda change: change.key)
        ],
        "differences": [asdict(difference) for difference in plan.differences],
        "edits": [asdict(difference) for difference in plan.edits],
        "weaker": list(plan.weaker),
        "running": [_check(check) for check in plan.running],
        "calls": plan.calls,
        "registered": plan.registered,
        "cut_off": [asdict(cut) for cut in plan.cut_off],
        "irreversible": dict(plan.irreversible),
    }


def _change(change: Change, *, with_diffs: bool) -> Mapping[str, Any]:
    lines = diff.unified(change) if with_diffs else ()
    return {
        "key": change.key,
        "action": change.action.value,
        "is_foreign": change.is_foreign,
        "is_drifted": change.is_drifted,
        "before_fingerprint": change.before_fingerprint,
        "after_fingerprint": change.after_fingerprint,
        "diff": "\n".join(lines) if lines else None,
    }
