"""A plan to be saved, and what has moved since one was. Pure: the caller has looked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confgen import __version__
from confgen.model.finding import Finding
from confgen.model.plan import Plan, SecurityDelta
from confgen.model.saved import Origin, SavedPbx
from confgen.model.words import listed
from confgen.plan.fingerprints import fingerprints

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from confgen.model.document import Document, Observed
    from confgen.model.driver import Observation
    from confgen.model.inventory import Inventory, Pbx
    from confgen.model.saved import SavedPlan

_MAKE_IT_ANEW = "look at what changed, then save the plan anew: `confgen plan --out FILE`"
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """What an operator would have to say yes to when the plan is carried out."""

    adopt: tuple[str, ...]  # keys
    overwrite_drift: tuple[str, ...]  # keys
    allow_weaker: tuple[str, ...]  # what gets weaker, each in words
    max_cut_off: int
    no_undo: tuple[str, ...]  # keys


def needed(plan: Plan) -> Needed:
    """The terms that the plan asks for, as a push calls them."""
    is_weaker = plan.delta is SecurityDelta.WEAKER
    return Needed(
        adopt=tuple(change.key for change in plan.changes if change.is_foreign),
        overwrite_drift=tuple(change.key for change in plan.changes if change.is_drifted),
        allow_weaker=(plan.weaker or ("something is given back",)) if is_weaker else (),
        max_cut_off=len(plan.cut_off),
        no_undo=tuple(plan.irreversible),
    )


def savable(pbx: Pbx, documents: Collection[Document], observation: Observation, planned: Plan) -> SavedPbx | None:
    """The plan with what it depends on; None where the host has no key of its own for fingerprints yet."""
    if not observation.fingerprint_key.reveal():
        return None
    fingerprint = fingerprints(observation.fingerprint_key)
    return SavedPbx(
        name=pbx.name,
        address=pbx.ssh.address,
        host=fingerprint(f"host {observation.identity}".strip()),
        is_confirmed=observation.is_confirmed,
        observed={
            **{
                key: fingerprint(f"observed {key} {_told(found)}")
                for key, found in sorted(observation.documents.items())
            },
            **{
                f"include {name}": fingerprint(f"own {name} {digest}")
                for name, digest in sorted(observation.own.items())
            },
        },
        desired={
            document.key: fingerprint(f"desired {document.key} {document.digest}")
            for document in sorted(documents, key=lambda document: document.key)
        },
        plan=replace(planned, running=()),
    )


def _told(found: Observed) -> str:
    return f"{found.digest} ours={found.is_ours} drifted={found.is_drifted} released={found.is_released}"


def without_key(pbx: Pbx) -> Finding:
    """Why the plan of a PBX cannot be saved."""
    return Finding(
        code="PUSH-49",
        message="the host has no key for fingerprints yet, so a saved plan could not tell whether it has moved",
        mend=f"`confgen bootstrap --install --limit {pbx.name}` makes one; so does the first push",
        place=pbx.place,
        pbx=pbx.name,
    )


def origin(inventory: Inventory) -> Origin:
    """What a plan of this inventory is made by, and from."""
    return Origin(version=__version__, inventory=inventory.digest)


def origin_moved(agreed: SavedPlan, now: Origin, pbx: Pbx) -> tuple[Finding, ...]:
    """What of confgen and the inventory is not as it was, or a PBX that was not planned; none need be asked for it."""
    if agreed.of(pbx.name) is None:
        names = ", ".join(saved.name for saved in agreed.pbxs)
        mend = f"choose among {names} with --limit, or save a plan that holds {pbx.name}"
        message = "the saved plan does not hold this PBX"
        return (Finding(code="PUSH-56", message=message, mend=mend, place=pbx.place, pbx=pbx.name),)
    findings = []
    if agreed.origin.version != now.version:
        message = f"the plan was made by confgen {agreed.origin.version}, and this is {now.version}"
        findings.append(_stale("PUSH-50", message, pbx))
    if agreed.origin.inventory != now.inventory:
        findings.append(_stale("PUSH-51", "the inventory is not the one that the plan was made from", pbx))
    return tuple(findings)


def moved(
    agreed: SavedPbx | None, pbx: Pbx, documents: Collection[Document], observation: Observation, planned: Plan
) -> tuple[Finding, ...]:
    """What of the PBX and of what it should have is not as it was; nothing where no plan was agreed to."""
    if agreed is None:
        return ()
    now = savable(pbx, documents, observation, planned)
    if now is None or (agreed.name, agreed.address, agreed.host) != (now.name, now.address, now.host):
        return (_another_host(pbx),)
    findings = []
    on_host = _moved_on_host(agreed, now)
    if on_host:
        findings.append(
            _stale("PUSH-53", f"moved on the host since the plan was made: {listed(on_host, _MOST_NAMED)}", pbx)
        )
    desired = _differing(agreed.desired, now.desired)
    if desired:
        message = (
            f"secrets, or files that the inventory names, moved since the plan was made: {listed(desired, _MOST_NAMED)}"
        )
        findings.append(_stale("PUSH-54", message, pbx))
    if not findings and _essence(agreed.plan) != _essence(now.plan):
        findings.append(_stale("PUSH-55", "the plan in the file is not the one that confgen makes of this now", pbx))
    return tuple(findings)


def _another_host(pbx: Pbx) -> Finding:
    if pbx.api is None:
        return _stale("PUSH-52", f"the host at {pbx.ssh.address} is not the one that was planned for", pbx)
    return Finding(
        code="PUSH-52",
        message="the plan was made on another machine, whose key for its fingerprints is not here, or another PBX "
        f"answers as {pbx.api.name} than the one that was planned for",
        mend="carry it out where it was made, or save one here: `confgen plan --out FILE`",
        place=pbx.place,
        pbx=pbx.name,
    )


def _moved_on_host(agreed: SavedPbx, now: SavedPbx) -> list[str]:
    words = _differing(agreed.observed, now.observed)
    if agreed.plan.generation != now.plan.generation:
        words.append(f"generation {agreed.plan.generation} was active, {now.plan.generation} is")
    if agreed.is_confirmed != now.is_confirmed:
        words.append("what is active is confirmed now" if now.is_confirmed else "what is active was never confirmed")
    before, after = (plan.facts.get("version", "") for plan in (agreed.plan, now.plan))
    if before != after:
        words.append(f"{before} ran, {after} does")
    return words


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def _essence(plan: Plan) -> Plan:
    """What does not come and go with calls and phones."""
    return replace(plan, facts={}, calls=None, registered=0, cut_off=())


def _stale(code: str, message: str, pbx: Pbx) -> Finding:
    return Finding(code=code, message=message, mend=_MAKE_IT_ANEW, place=pbx.place, pbx=pbx.name)
