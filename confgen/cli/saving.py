"""`confgen plan --out FILE`: what of a run can be saved, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from confgen.cli import plan_file
from confgen.model.result import Outcome
from confgen.model.saved import SavedPlan
from confgen.model.words import count, listed
from confgen.plan import origin, without_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from confgen.model.inventory import Inventory, Pbx
    from confgen.model.result import Result

_MOST_NAMES = 12


def save(file: Path, inventory: Inventory, pbxs: Sequence[Pbx], results: Sequence[Result]) -> str:
    """What was done, in words; the file is written by then. The results were judged.

    A run that was interrupted, or did not come to every PBX, leaves the file alone.
    """
    begun = {result.pbx for result in results}
    not_begun = [pbx.name for pbx in pbxs if pbx.name not in begun]
    if not_begun:
        return f"{file}: nothing is saved: the run did not come to {listed(not_begun, _MOST_NAMES)}"
    saved = [result.savable for result in results if result.savable is not None]
    if not saved or any(result.outcome is Outcome.INTERRUPTED for result in results):
        return f"{file}: nothing is saved"
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    plan_file.write(file, SavedPlan(origin=origin(inventory), made_at=made_at, pbxs=tuple(saved)))
    names = {each.name for each in saved}
    left_out = [pbx.name for pbx in pbxs if pbx.name not in names]
    told = f"{file}: the plan of {count(len(saved), 'PBX')} is saved; `confgen push --plan {file}` carries it out"
    return f"{told}; not in it: {listed(left_out, _MOST_NAMES)}" if left_out else told


def judged(result: Result, pbx: Pbx) -> Result:
    """The result, refused where its plan cannot be saved."""
    if result.savable is not None or result.outcome not in {Outcome.PLANNED, Outcome.UNCHANGED}:
        return result
    return replace(
        result, outcome=Outcome.REFUSED, message="cannot be saved", findings=(*result.findings, without_key(pbx))
    )
