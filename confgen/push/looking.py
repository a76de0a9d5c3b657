"""One look at a PBX, and what it would take to make it as the documents say."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.model.check import Verdict
from confgen.model.document import Document
from confgen.model.finding import Finding, Severity
from confgen.model.secret import Secret
from confgen.plan import changed_keys, plan
from confgen.push.undone import undone_by_host

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from confgen.model.check import Check
    from confgen.model.driver import Driver, Observation
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.plan import Plan


def look(host: Host, pbx: Pbx, driver: Driver, documents: Collection[Document]) -> tuple[Observation, Plan]:
    """What the PBX has, and what it would take to make it as the documents say; nothing is written."""
    observation = driver.observe(host, pbx)
    keys = changed_keys(documents, driver.absent(pbx), observation)
    present = [key for key in keys if key in observation.documents and not observation.documents[key].is_released]
    texts = driver.read(host, pbx, present) if present else {}
    written = _written(host, pbx, driver, observation, keys)
    revealed = [document.reveal() for document in documents if document.content is not None]
    own = driver.own(host, pbx, [*revealed, *texts.values(), *written.values()])
    foreign = {key: text for key, text in texts.items() if not observation.documents[key].is_ours}
    findings = (
        *observation.findings,
        *observation.lacking,
        *undone_by_host(pbx, driver, observation.undone),
        *driver.judge(pbx, documents, own),
        *driver.put_away(pbx, foreign),
    )
    planned = plan(driver, pbx, documents, observation, texts, written=written, own=own)
    digests = {name: hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest() for name, text in own.items()}
    return replace(observation, findings=findings, own=digests), planned


def look_closely(host: Host, pbx: Pbx, driver: Driver, documents: Collection[Document]) -> tuple[Observation, Plan]:
    """The same, and what the PBX runs otherwise than confgen wrote it."""
    observation, planned = look(host, pbx, driver, documents)
    if not observation.generation or any(found.severity is Severity.ERROR for found in observation.findings):
        return observation, planned
    running = _running(host, pbx, driver, observation, _kept(host, pbx, driver, observation, documents, planned))
    findings = (*observation.findings, *([_runs_otherwise(pbx, running)] if running else []))
    return replace(observation, findings=findings), replace(planned, running=running)


def is_as_before(before: Observation, now: Observation) -> bool:
    """Whether a second look found what the first did."""
    return (
        now.documents == before.documents
        and now.generation == before.generation
        and now.is_confirmed == before.is_confirmed
        and now.generations == before.generations
        and not any(finding.severity is Severity.ERROR for finding in now.findings)
    )


def _written(host: Host, pbx: Pbx, driver: Driver, observation: Observation, keys: Sequence[str]) -> Mapping[str, str]:
    """What confgen wrote under those keys that somebody else changed or removed; asked only where there may be any."""
    touched = [key for key in keys if _is_touched(observation, key)]
    if not observation.generation or not touched:
        return {}
    texts = driver.written(host, pbx, observation.generation)
    return {key: texts[key] for key in touched if key in texts}


def _is_touched(observation: Observation, key: str) -> bool:
    return key not in observation.documents or observation.documents[key].is_drifted


def _kept(
    host: Host, pbx: Pbx, driver: Driver, observation: Observation, documents: Collection[Document], planned: Plan
) -> Sequence[Document]:
    """What confgen wrote there: where nothing differs, it is what it would write, and the host is not asked for it."""
    assert observation.generation is not None  # noqa: S101  the caller has looked
    if not planned.changes:
        return [document for document in documents if not document.is_for_push]
    return driver.kept(host, pbx, observation.generation)


def _running(
    host: Host, pbx: Pbx, driver: Driver, observation: Observation, kept: Sequence[Document]
) -> tuple[Check, ...]:
    """Measured by what confgen wrote: what was changed by hand is told as that, whether it is in force yet or not."""
    assert observation.generation is not None  # noqa: S101  the caller has looked
    touched = [document.key for document in kept if _is_touched(observation, document.key)]
    if touched:
        written = driver.written(host, pbx, observation.generation)
        others = [document for document in kept if document.key not in written]
        kept = [*(Document(key=key, content=Secret(text)) for key, text in written.items()), *others]
    checks = driver.state(host, driver.as_kept(pbx, kept), kept)
    return tuple(check for check in checks if check.verdict is Verdict.FAILED and check.subject not in touched)


def _runs_otherwise(pbx: Pbx, running: Sequence[Check]) -> Finding:
    return Finding(
        code="PUSH-70",
        message=f"the PBX runs otherwise than confgen wrote it: {running[0].message}"
        + (f", and {len(running) - 1} more" if len(running) > 1 else ""),
        mend="somebody changed it while it ran, or a change by hand was loaded: a restart brings it back to its files",
        severity=Severity.WARNING,
        place=pbx.place,
        pbx=pbx.name,
    )
