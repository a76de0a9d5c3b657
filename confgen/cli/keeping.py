"""What of each PBX's result is kept until the end, so that memory does not grow with the texts of a fleet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.cli.writing import is_for_people

if TYPE_CHECKING:
    from confgen.cli.options import OutputFormat, ReportFormat
    from confgen.fleet import Keep
    from confgen.model.result import Result


def outcome_alone(result: Result) -> Result:
    """For a line about all of them, when each has been told."""
    return replace(result, plan=None, findings=(), savable=None)


def for_table(output_format: OutputFormat | ReportFormat) -> Keep:
    """People see a table at the end; programs get all there is."""
    return _verdicts if is_for_people(output_format) else lambda result: result


def _verdicts(result: Result) -> Result:
    """For a table: its checks without what was seen, and its plan without what would change."""
    checks = tuple(replace(check, evidence=()) for check in result.checks)
    plan = None if result.plan is None else replace(result.plan, changes=(), differences=(), edits=(), running=())
    return replace(result, checks=checks, plan=plan)


def without_texts(result: Result) -> Result:
    """For programs that asked for no diffs."""
    if result.plan is None:
        return result
    changes = tuple(replace(change, before=None, after=None, written=None) for change in result.plan.changes)
    return replace(result, plan=replace(result.plan, changes=changes))
