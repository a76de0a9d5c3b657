"""Why a push or a rollback is refused before anything is written."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from confgen.model.finding import Finding
from confgen.model.plan import SecurityDelta
from confgen.model.words import listed
from confgen.plan.cut_off_words import cut_off_words

if TYPE_CHECKING:
    from confgen.model.driver import Observation
    from confgen.model.inventory import Pbx
    from confgen.model.plan import Plan
    from confgen.model.terms import Terms

_MOST = 4  # named of what is refused


def refusals(pbx: Pbx, planned: Plan, terms: Terms) -> tuple[Finding, ...]:
    """Why this plan is not carried out on these terms."""
    findings = []
    foreign = [change.key for change in planned.changes if change.is_foreign]
    if foreign and not terms.adopt:
        findings.append(
            Finding(
                code="PUSH-13",
                message=f"confgen did not write {listed(foreign, _MOST)}",
                mend="`confgen push --adopt` takes them over and keeps them as generation 0; `confgen plan` shows them",
                place=pbx.place,
                pbx=pbx.name,
            )
        )
    findings += drift(pbx, [change.key for change in planned.changes if change.is_drifted], terms)
    if planned.delta is SecurityDelta.WEAKER and terms.allow_weaker is None:
        findings.append(
            Finding(
                code="PUSH-44",
                message=f"the PBX would get weaker: {listed(planned.weaker, _MOST) or 'something is given back'}",
                mend="if that is wanted, say why: `confgen push --allow-weaker REASON`; the journal keeps it",
                place=pbx.place,
                pbx=pbx.name,
            )
        )
    if len(planned.cut_off) > terms.max_cut_off:
        findings.append(_cut_off(pbx, planned))
    findings += [_irreversible(pbx, key, why) for key, why in planned.irreversible.items() if key not in terms.no_undo]
    return tuple(findings)


def drift(pbx: Pbx, keys: Sequence[str], terms: Terms) -> tuple[Finding, ...]:
    """Documents that were changed by hand are not written over unasked."""
    if not keys or terms.overwrite_drift:
        return ()
    return (
        Finding(
            code="PUSH-14",
            message=f"changed by hand since confgen wrote it: {listed(keys, _MOST)}",
            mend="bring the change into the inventory, or `--overwrite-drift` to write over it",
            place=pbx.place,
            pbx=pbx.name,
        ),
    )


def _cut_off(pbx: Pbx, planned: Plan) -> Finding:
    told = "; ".join(cut_off_words(planned))
    return Finding(
        code="PUSH-45",
        message=f"phones that are registered now could not come back: {told}",
        mend=f"move them first, name them in `migration`, or `confgen push --max-cut-off {len(planned.cut_off)}`",
        place=pbx.place,
        pbx=pbx.name,
    )


def _irreversible(pbx: Pbx, key: str, why: str) -> Finding:
    return Finding(
        code="PUSH-80",
        message=f"a push that goes wrong could not put back {key}: {why}",
        mend=f"`confgen push --no-undo {shlex.quote(key)}` writes it all the same",
        place=pbx.place,
        pbx=pbx.name,
    )


def chosen(pbx: Pbx, observation: Observation, generation: int | None) -> int | Finding:
    """The generation that a rollback goes to: the one that is named, or the one before the active one."""
    active = observation.generation
    kept = observation.generations
    mend = f"kept are {', '.join(str(known) for known in kept)}" if kept else "confgen has not pushed to this PBX"
    if active is None:
        message = "there is no generation to go back from"
    elif generation is None:
        earlier = [known for known in kept if known < active]
        if earlier:
            return earlier[-1]
        message = f"there is no generation before {active}"
    elif generation in kept:
        return generation
    else:
        message = f"generation {generation} is not kept"
    return Finding(code="PUSH-03", message=message, mend=mend, place=pbx.place, pbx=pbx.name)
