"""Generations on an Asterisk host: staged, switched to, activated, confirmed or undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.asterisk import complaints, script
from confgen.drivers.asterisk.impact import impact, reloads
from confgen.drivers.asterisk.layout import KEYS
from confgen.drivers.asterisk.observe import managed_names
from confgen.model.document import Impact
from confgen.model.driver import Activation, Staged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from confgen.model.document import Change, Document
    from confgen.model.driver import Observation
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx


def stage(
    host: Host, pbx: Pbx, observation: Observation, documents: Collection[Document], changes: Collection[Change]
) -> Staged:
    """Lay a complete new generation on the host, read by nobody yet."""
    if not observation.has_hands:
        script.install(host)
    archive = script.pack(_members(documents))
    answer = dict(script.lines(script.act(host, pbx, "stage", *managed_names(pbx), stdin=archive)))
    generation, previous = answer["staged"].split(" ")
    return Staged(
        generation=int(generation),
        previous=int(previous),
        impact=impact(changes) if observation.is_confirmed else Impact.PROCESS_RESTART,
        changed=tuple(change.key for change in changes),
    )


def _members(documents: Collection[Document]) -> Iterator[tuple[str, str]]:
    for document in documents:
        if document.content is not None:
            yield (document.key if document.key.startswith(f"{KEYS}/") else f"etc/{document.key}"), document.reveal()
    copies = [document.on_host for document in documents if document.content is None and document.on_host is not None]
    if copies:
        yield "copies", "".join(f"{file.digest} {file.path}\n" for file in copies)


def stage_kept(host: Host, pbx: Pbx, observation: Observation, generation: int) -> Staged:
    """Make ready to go back to a generation that the host kept; the process restarts, whatever differs."""
    if not observation.has_hands:
        script.install(host)
    answer = dict(script.lines(script.act(host, pbx, "stage_kept", str(generation))))
    chosen, previous = answer["staged"].split(" ")
    return Staged(
        generation=int(chosen), previous=int(previous), impact=Impact.PROCESS_RESTART, changed=managed_names(pbx)
    )


def discard(host: Host, pbx: Pbx, staged: Staged) -> None:
    """Remove what was staged and not switched to."""
    script.act(host, pbx, "discard", str(staged.generation))


def switch(host: Host, pbx: Pbx, staged: Staged) -> None:
    """From here on Asterisk's names lead to the new generation."""
    script.act(host, pbx, "switch", str(staged.generation), str(staged.previous))


def activate(host: Host, pbx: Pbx, staged: Staged) -> Activation:
    """Reload what changed, or restart the process where a reload does not take effect."""
    if staged.impact is Impact.PROCESS_RESTART:
        answer = script.act(host, pbx, "activate", "restart", timeout=90)
    else:
        answer = script.act(host, pbx, "activate", "reload", *reloads(staged.changed), timeout=90)
    return complaints.judge(script.lines(answer))


def confirm(host: Host, pbx: Pbx, staged: Staged) -> None:
    """Keep the new generation and tidy up: old generations, keys nobody names, links that lead nowhere."""
    script.act(host, pbx, "confirm", str(staged.generation))
    if staged.generation == 0:
        script.act(host, pbx, "release")


def by_hand(staged: Staged) -> str:
    """The undo, as root types it on the host."""
    hands = f"env -u SUDO_UID {script.INSTALLED}"  # root's own, by whatever way somebody became root
    release = f" && {hands} release" if staged.previous == 0 else ""
    return (
        f"on the host, as root: {hands} undo {staged.generation} {staged.previous} && {hands} activate restart{release}"
    )


def undo(host: Host, pbx: Pbx, staged: Staged) -> Activation:
    """Go back to the previous generation; from a first push, to plain files as they were."""
    script.act(host, pbx, "undo", str(staged.generation), str(staged.previous))
    activation = activate(host, pbx, staged)
    if staged.previous == 0:
        script.act(host, pbx, "release")
    # A generation that was kept before stays kept; where Asterisk complains, the undo is called for again, and what the
    # host remembers of it is still needed.
    if staged.generation > staged.previous and not activation.complaints:
        discard(host, pbx, staged)
    return activation
