"""One look at a PBX, and what it would take to make it as the documents say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.plan import changed_keys, plan

if TYPE_CHECKING:
    from collections.abc import Collection

    from confgen.model.document import Document
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
    foreign = {key: text for key, text in texts.items() if not observation.documents[key].is_ours}
    findings = (*observation.findings, *driver.judge(host, pbx, documents), *driver.put_away(pbx, foreign))
    return replace(observation, findings=findings), plan(driver, pbx, documents, observation, texts)


def is_as_before(before: Observation, now: Observation) -> bool:
    """Whether a second look found what the first did."""
    return (
        now.documents == before.documents
        and now.generation == before.generation
        and now.is_confirmed == before.is_confirmed
        and now.generations == before.generations
        and not now.findings
    )
