"""Saved plans as JSON, written and read.

`confgen plan --out FILE` writes one object:

    format_version  1; it grows when something here changes its meaning or goes
    file            "confgen plan"
    made            by which version of confgen, from which inventory (SHA-256 of its texts), and when
    pbxs            for each PBX: name, address, host, is_confirmed, observed, desired, plan and needed

`host` and the values of `observed` and `desired` are HMACs under the host's own key, and so are the fingerprints of
changes. `plan` has generation, impact, security, guarantees, facts, calls, registered, weaker, changes (with both
texts, masked), differences, edits, cut_off and irreversible. `needed` is what an operator must say yes to. Nothing in
it is a secret.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from confgen.model.document import Action, Change, Impact
from confgen.model.driver import Guarantees, Lock
from confgen.model.plan import CutOff, Difference, Plan, SecurityDelta
from confgen.model.saved import Origin, SavedPbx, SavedPlan
from confgen.plan import needed

FORMAT_VERSION = 1
_FILE = "confgen plan"
_IMPACTS = {impact.words: impact for impact in Impact}


class NotASavedPlan(ValueError):
    """A text that is no saved plan, or none that this version reads."""

    exit_code = 2


def is_saved_plan(text: str) -> bool:
    """Whether it is a saved plan, of whichever version."""
    try:
        _object(text)
    except NotASavedPlan:
        return False
    return True


def written(saved: SavedPlan) -> str:
    """The saved plan as described above."""
    return json.dumps(_form(saved), indent=1) + "\n"


def digest(saved: SavedPlan) -> str:
    """SHA-256 of what `written` writes, in hexadecimal digits."""
    return hashlib.sha256(written(saved).encode()).hexdigest()


def read(text: str) -> SavedPlan:
    """What `written` wrote; NotASavedPlan for anything else, in words that quote nothing of it."""
    form = _object(text)
    if form.get("format_version") != FORMAT_VERSION:
        raise NotASavedPlan("it was saved by another version of confgen: save the plan anew")
    try:
        saved = _saved(form)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotASavedPlan("it is damaged: save the plan anew") from error
    if written(saved) != text:  # another one may lie in it for those who read it
        raise NotASavedPlan("it was changed since it was saved: save the plan anew")
    return saved


def _object(text: str) -> dict[str, Any]:
    try:
        form = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotASavedPlan("it is no saved plan: `confgen plan --out FILE` writes one") from error
    if not isinstance(form, dict) or form.get("file") != _FILE:
        raise NotASavedPlan("it is no saved plan: `confgen plan --out FILE` writes one")
    return form


def _form(saved: SavedPlan) -> dict[str, Any]:
    return {
        "format_version": FORMAT_VERSION,
        "file": _FILE,
        "made": {"confgen": saved.origin.version, "inventory": saved.origin.inventory, "at": saved.made_at},
        "pbxs": [_pbx_form(pbx) for pbx in saved.pbxs],
    }


def _saved(form: Mapping[str, Any]) -> SavedPlan:
    made = form["made"]
    return SavedPlan(
        origin=Origin(version=made["confgen"], inventory=made["inventory"]),
        made_at=made["at"],
        pbxs=tuple(_pbx(pbx) for pbx in form["pbxs"]),
    )


def _pbx_form(pbx: SavedPbx) -> dict[str, Any]:
    return {
        "name": pbx.name,
        "address": pbx.address,
        "host": pbx.host,
        "is_confirmed": pbx.is_confirmed,
        "observed": dict(pbx.observed),
        "desired": dict(pbx.desired),
        "plan": _plan_form(pbx.plan),
        "needed": {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(needed(pbx.plan)).items()
        },
    }


def _pbx(form: Mapping[str, Any]) -> SavedPbx:
    return SavedPbx(
        name=form["name"],
        address=form["address"],
        host=form["host"],
        is_confirmed=form["is_confirmed"],
        observed=dict(form["observed"]),
        desired=dict(form["desired"]),
        plan=_plan(form["plan"]),
    )


def _plan_form(plan: Plan) -> dict[str, Any]:
    return {
        "generation": plan.generation,
        "impact": plan.impact.words,
        "security": plan.delta.value,
        "guarantees": {**asdict(plan.guarantees), "lock": plan.guarantees.lock.value},
        "facts": dict(plan.facts),
        "calls": plan.calls,
        "registered": plan.registered,
        "weaker": list(plan.weaker),
        "changes": [{**asdict(change), "action": change.action.value} for change in plan.changes],
        "differences": [asdict(difference) for difference in plan.differences],
        "edits": [asdict(edit) for edit in plan.edits],
        "cut_off": [asdict(cut) for cut in plan.cut_off],
        "irreversible": dict(plan.irreversible),
    }


def _plan(form: Mapping[str, Any]) -> Plan:
    return Plan(
        changes=tuple(Change(**{**change, "action": Action(change["action"])}) for change in form["changes"]),
        impact=_IMPACTS[form["impact"]],
        delta=SecurityDelta(form["security"]),
        guarantees=Guarantees(**{**form["guarantees"], "lock": Lock(form["guarantees"]["lock"])}),
        facts=dict(form["facts"]),
        generation=form["generation"],
        differences=tuple(Difference(**difference) for difference in form["differences"]),
        weaker=tuple(form["weaker"]),
        edits=tuple(Difference(**edit) for edit in form["edits"]),
        calls=form["calls"],
        registered=form["registered"],
        cut_off=tuple(CutOff(**cut) for cut in form["cut_off"]),
        irreversible=dict(form["irreversible"]),
    )
